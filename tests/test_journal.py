"""monitor.journal: entries as systemd's journal takes them"""

from __future__ import annotations

import io
import json
import os
import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.journal import JournalStream, connected, datagram, message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def fields(data: bytes) -> dict[str, str]:
    """What a reader of the native protocol finds."""
    found = {}
    while data:
        line, _, data = data.partition(b"\n")
        name, equals, value = line.partition(b"=")
        if not equals:
            length = int.from_bytes(data[:8], "little")
            value, end, data = data[8 : 8 + length], data[8 + length : 9 + length], data[9 + length :]
            assert end == b"\n"
        found[name.decode()] = value.decode()
    return found


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[socket.socket]:
    """A socket like the journal's, at `journal` of the directory."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiving:
        receiving.bind(str(tmp_path / "journal"))
        receiving.settimeout(60)
        yield receiving


def test_each_field_of_ours_is_one_of_the_journals() -> None:
    """Beside the text for people, the priority and the name that a reader expects."""
    entry = {"event": "poll.failed", "level": "warning", "timestamp": "t", "message": "a b", "next-in": 1.5, "n": None}

    assert {
        "MESSAGE": 'poll.failed message="a b" next-in=1.5 n=null',
        "PRIORITY": "4",
        "SYSLOG_IDENTIFIER": "rekognition-monitor",
        "MONITOR_EVENT": "poll.failed",
        "MONITOR_MESSAGE": "a b",
        "MONITOR_NEXT_IN": "1.5",
        "MONITOR_N": "null",
    } == fields(datagram(entry))


@pytest.mark.parametrize(
    ("level", "priority"), [("debug", "7"), ("info", "6"), ("warning", "4"), ("error", "3"), ("critical", "2")]
)
def test_the_priority_is_that_of_the_level(level: str, priority: str) -> None:
    """By syslog(3)."""
    assert priority == fields(datagram({"event": "e", "level": level}))["PRIORITY"]


@given(st.dictionaries(st.text(), st.text(st.characters(exclude_categories=["Cs"]))))
def test_no_text_makes_another_field_or_line(entry: dict[str, str]) -> None:
    """Whatever AWS's text holds: it stays in its field, and in the one line for people."""
    data = datagram({"event": "e", "told": "a\nPRIORITY=0\n" + "".join(entry.values()), "exception": ""})

    assert {"MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "MONITOR_EVENT", "MONITOR_TOLD", "MONITOR_EXCEPTION"} == set(
        fields(data)
    )
    assert "6" == fields(data)["PRIORITY"]
    assert message({**entry, "exception": ""}).isprintable()


def test_a_traceback_is_set_in_below_the_line() -> None:
    """So that no line of it looks like an entry of its own, whatever the error says."""
    entry = {"event": "poll.crashed", "exception": "Traceback:\nValueError: \x1b[2J"}

    assert "poll.crashed\n    Traceback:\n    ValueError: \\x1b[2J" == message(entry)


def test_what_is_too_long_for_a_datagram_comes_as_a_file(tmp_path: Path, journal: socket.socket) -> None:
    """The journal is given its descriptor."""
    long = "x" * 1_000_000
    JournalStream(io.StringIO(), tmp_path / "journal").write(json.dumps({"event": "e", "long": long}))
    nothing, [descriptor], _, _ = socket.recv_fds(journal, 10, 1)

    with os.fdopen(descriptor, "rb") as file:
        file.seek(0)
        assert (b"", long) == (nothing, fields(file.read())["MONITOR_LONG"])


def test_without_a_journal_the_line_goes_where_it_went(tmp_path: Path) -> None:
    """Nothing is lost while the journal is away."""
    rest = io.StringIO()
    JournalStream(rest, tmp_path / "nowhere").write('{"event": "e"}\n')

    assert '{"event": "e"}\n' == rest.getvalue()


def test_the_journal_is_known_by_its_stream(tmp_path: Path) -> None:
    """systemd names the device and the inode of what it gave; a program's output can lead elsewhere since."""
    with (tmp_path / "stderr").open("w") as stream:
        found = os.fstat(stream.fileno())
        named = f"{found.st_dev}:{found.st_ino}"
        seen = [connected(stream, named), connected(stream, "8:1"), connected(stream, None)]

    assert [True, False, False] == seen
    assert not connected(io.StringIO(), named)
