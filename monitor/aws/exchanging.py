"""One request and its answer, over a connection that is kept.

The answer that AWS gives, a status, headers of a line each and a body of a length that they name, is read here: that is
a quarter of what http.client takes, which makes an e-mail of the headers. Whatever is not exactly that is handed to
http.client, from its first byte on: what it means is not ours to say.
"""

from __future__ import annotations

import io
import time
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPResponse, IncompleteRead
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse

if TYPE_CHECKING:
    import socket

    from botocore.awsrequest import AWSPreparedRequest

_PIECE: Final = 64 * 1024
"""Bytes that are asked for at once, and the longest head that is read here."""

_PORTS: Final = {"http": 80, "https": 443}
_END: Final = b"\r\n\r\n"
_KEPT: Final = "keep-alive"
"""What AWS says of the connection; it means as much as silence (RFC 9112, section 9.3)."""

_FIRST, _WITHOUT_BODY = 200, frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class _Body:
    """A body that was read, where botocore expects one that is still to be read."""

    content: bytes

    def stream(self) -> tuple[bytes]:
        return (self.content,)


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before a body of *length* bytes."""

    status: int
    headers: list[tuple[str, str]]
    length: int


def exchange(connection: socket.socket, request: AWSPreparedRequest, *, seconds: float) -> tuple[AWSResponse, bool]:
    """Send *request*; returns the answer, and whether the connection can be used again.

    *seconds* is the time-out that *connection* has, and the time in which the last byte has to come, too. Raises
    OSError (TimeoutError among them), http.client.HTTPException, and ValueError for a request that cannot be sent.
    """
    connection.sendall(_bytes(request))
    incoming = _Incoming(connection, seconds)
    first = incoming.until_head()
    head = _head(first)
    if head is None:
        answer, reusable = _unusual(incoming, first, request)
    else:
        body = incoming.body(first, head.length)
        answer, reusable = _answer(request, head.status, head.headers, body[: head.length]), len(body) == head.length
    incoming.done()
    return answer, reusable


def _answer(request: AWSPreparedRequest, status: int, headers: Any, body: bytes) -> AWSResponse:
    return AWSResponse(request.url, status, headers, _Body(body))


def _bytes(request: AWSPreparedRequest) -> bytes:
    lines = [_beginning(request.method or "POST", request.url)]
    headers: Any = request.headers  # botocore's stubs know of no bytes
    for name, value in headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        if "\n" in text or "\r" in text:
            raise ValueError(f"the header {name} would hold a line break")
        lines.append(f"{name}: {text}")
    body: Any = request.body
    return "\r\n".join(lines).encode("latin-1") + _END + (body or b"")


@lru_cache(maxsize=1024)
def _beginning(method: str, url: str) -> str:
    """The lines that are the same for each request to one address; the host as it is signed."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in (None, _PORTS.get(parts.scheme)) else f":{parts.port}"
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return f"{method} {target} HTTP/1.1\r\nHost: {host}{port}\r\nAccept-Encoding: identity"


def _head(first: bytes) -> _Head | None:
    """The head that *first* begins with; None where it is not of the usual form."""
    text, end, _ = first.partition(_END)
    lines = text.decode("latin-1").split("\r\n")
    if not end or text.count(b"\n") != len(lines) - 1 or text.count(b"\r") != len(lines) - 1:
        return None
    version, _, rest = lines[0].partition(" ")
    code = rest[:3]
    headers = [_header(line) for line in lines[1:]]
    named = {name.lower(): value for name, value in headers}
    length = named.get("content-length", "")
    if (
        version != "HTTP/1.1"
        or not (len(code) == 3 and code.isdecimal() and rest[3:4] in ("", " "))  # noqa: PLR2004 - the digits of a status
        or int(code) < _FIRST
        or int(code) in _WITHOUT_BODY
        or len(named) != len(headers)
        or "" in named
        or "transfer-encoding" in named
        or named.get("connection", _KEPT).lower() != _KEPT
        or not length.isdecimal()
    ):
        return None
    return _Head(int(code), headers, int(length))


def _header(line: str) -> tuple[str, str]:
    """A header; without a name where it has none, or one that is continued or has spaces."""
    name, colon, value = line.partition(":")
    usual = colon and not (" " in name or "\t" in name)
    return (name, value.strip(" \t")) if usual else ("", "")


def _unusual(incoming: _Incoming, first: bytes, request: AWSPreparedRequest) -> tuple[AWSResponse, bool]:
    """As http.client has it."""
    replayed: Any = _Replayed(first, incoming)
    with closing(HTTPResponse(replayed, method=request.method)) as response:
        response.begin()
        body, whole = _read(response)
        answer = _answer(request, response.status, list(response.headers.items()), body)
        return answer, whole and not response.will_close


def _read(response: HTTPResponse) -> tuple[bytes, bool]:
    """The body, and whether it is as long as was announced: that is judged where the answer is parsed."""
    try:
        return response.read(), True
    except IncompleteRead as error:
        if response.chunked:
            raise
        return error.partial, False


class _Incoming:
    """What comes over a connection until the time is over; no wait is longer than what is left of it."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._ends = time.monotonic() + seconds
        self._shortened = False
        self._begun = False

    def until_head(self) -> bytes:
        """All that came with the piece that ends a head; less where it does not end, or is too long."""
        found = self.piece(_PIECE)
        while found and _END not in found and len(found) < _PIECE:
            more = self.piece(_PIECE)
            if not more:
                break
            found += more
        return found

    def body(self, first: bytes, length: int) -> bytes:
        """What follows the head in *first*, up to *length* bytes; more when more came at once, less when it ended."""
        pieces = [first[first.index(_END) + len(_END) :]]
        missing = length - len(pieces[0])
        while missing > 0 and (piece := self.piece(min(missing, 1024 * 1024))):
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def piece(self, most: int) -> bytes:
        """Up to *most* bytes; none at the end. Raises TimeoutError after the time."""
        if self._begun:  # the first wait is the connection's own time-out: to set one takes a call of the system
            left = self._ends - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer does not end")
            self._connection.settimeout(left)
            self._shortened = True
        self._begun = True
        return self._connection.recv(most)

    def done(self) -> None:
        """The connection may be kept for another request."""
        if self._shortened:
            self._connection.settimeout(self._seconds)


class _Replayed(io.RawIOBase):
    """What http.client takes for a connection: what was read already, and then what is still to come."""

    def __init__(self, first: bytes, incoming: _Incoming) -> None:
        self._first = memoryview(first)
        self._incoming = incoming
        self._ended = not first

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        piece = self._first[: len(buffer)] if self._first else self._more(len(buffer))
        self._first = self._first[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)

    def _more(self, most: int) -> bytes:
        found = b"" if self._ended else self._incoming.piece(most)
        self._ended = not found
        return found
