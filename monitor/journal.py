"""Entries for systemd's journal, in its native protocol, so that our fields are its fields.

<https://systemd.io/JOURNAL_NATIVE_PROTOCOL/>: one datagram an entry. A value that holds a line break is preceded by its
length, so nothing in it can begin another field or another entry.
"""

from __future__ import annotations

import array
import errno
import fcntl
import json
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import orjson

from monitor.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SOCKET: Final = Path("/run/systemd/journal/socket")
IDENTIFIER: Final = "rekognition-monitor"
PREFIX: Final = "MONITOR_"
"""Before each of our names: the journal gives MESSAGE, UNIT and others a meaning of their own."""

PRIORITIES: Final = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}
"""Of structlog's levels, by syslog(3)."""

PATIENCE: Final = 5.0
"""Seconds to wait for a journal that takes nothing; the entry then goes to standard error."""

_LONGEST_NAME: Final = 64
_TOO_LONG: Final = frozenset({errno.EMSGSIZE, errno.ENOBUFS})
_SEALS: Final = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
_NOT_FIELDS: Final = frozenset({"timestamp", "level"})
"""The journal has the time and the priority already."""
_NOT_SAID: Final = _NOT_FIELDS | {"event", "exception"}


def connected(stream: TextIO, journal_stream: str | None) -> bool:
    """Whether *stream* leads to the journal, by what systemd says in the environment's JOURNAL_STREAM."""
    with suppress(OSError, ValueError):  # it has no descriptor, or is closed
        found = os.fstat(stream.fileno())
        return journal_stream == f"{found.st_dev}:{found.st_ino}"
    return False


class JournalStream:
    """Takes lines of JSON, an object each, and sends each as an entry; what cannot be sent is written to *rest*."""

    def __init__(self, rest: TextIO, address: Path = SOCKET) -> None:
        self._rest = rest
        self._address = address

    def write(self, line: str) -> int:
        """Send one whole line. Raises what *rest* raises."""
        try:
            _send(datagram(orjson.loads(line)), self._address)
        except OSError:
            self._rest.write(line)
            self._rest.flush()
        return len(line)

    def flush(self) -> None:
        """Nothing is held back."""


def datagram(entry: Mapping[str, Any]) -> bytes:
    """One entry in the native protocol."""
    fields = {
        "MESSAGE": message(entry),
        "PRIORITY": str(PRIORITIES.get(entry.get("level", ""), PRIORITIES["info"])),
        "SYSLOG_IDENTIFIER": IDENTIFIER,
    }
    fields |= {_name(key): _text(value) for key, value in entry.items() if key not in _NOT_FIELDS}
    return b"".join(_field(name, value.encode()) for name, value in fields.items())


def message(entry: Mapping[str, Any]) -> str:
    """The entry for people: its event, and name=value of the rest; a traceback follows, set in."""
    said = (f"{visible(key)}={_shown(value)}" for key, value in entry.items() if key not in _NOT_SAID)
    traceback = entry.get("exception") or ""
    return "\n    ".join((" ".join((visible(str(entry.get("event", ""))), *said)), *_lines(traceback)))


def _lines(traceback: str) -> Iterator[str]:
    return (visible(line) for line in traceback.splitlines())


def _shown(value: Any) -> str:
    """A text as it is where that is plain to read, else as JSON has it: in quotes."""
    if not isinstance(value, str):
        return visible(_text(value))
    plain = value and value.isprintable() and not set(value) & set(' "=')
    return value if plain else visible(json.dumps(value, ensure_ascii=False))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _name(key: str) -> str:
    """A field's name: capital letters, digits and underscores of ASCII."""
    name = "".join(char if char.isascii() and char.isalnum() else "_" for char in key.upper())
    return (PREFIX + name)[:_LONGEST_NAME]


def _field(name: str, value: bytes) -> bytes:
    if b"\n" not in value:
        return b"%s=%s\n" % (name.encode(), value)
    return b"%s\n%s%s\n" % (name.encode(), len(value).to_bytes(8, "little"), value)


def _send(data: bytes, address: Path) -> None:
    """Raises OSError. A socket for each entry costs 10 µs, and none is left over when the journal begins anew."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending:
        sending.settimeout(PATIENCE)
        try:
            sending.sendto(data, str(address))
        except OSError as error:
            if error.errno not in _TOO_LONG:
                raise
            _send_file(sending, data, address)


def _send_file(sending: socket.socket, data: bytes, address: Path) -> None:
    """What is too long for a datagram goes as a sealed file in memory, whose descriptor is all that is sent."""
    descriptor = os.memfd_create("journal-entry", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        file.write(data)
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, _SEALS)
        rights = array.array("i", [file.fileno()])
        sending.sendmsg([], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)], 0, str(address))
