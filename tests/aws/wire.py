"""A far end that answers what it is told to, byte for byte, and the parts that tests ask it with."""

from __future__ import annotations

import json
import socket
import socketserver
import struct
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl

from monitor.aws.budget import Budgets
from monitor.aws.sessions import Sessions
from monitor.aws.settings import AwsSettings
from monitor.aws.source import RekognitionSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REQUEST_ID = "5022229e-7e48-11e9-9ad1-854a4567eb71"

RESET = b"(reset)"
"""In place of an answer: the connection is reset."""

SILENCE = b"(silence)"
"""In place of an answer: nothing, until the far end is closed."""


def answer(body: bytes | dict[str, Any], status: int = 200, length: int | None = None, **headers: str) -> bytes:
    """A whole HTTP answer; *length* is the Content-Length, if it is not the body's."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {
        "Content-Type": "application/x-amz-json-1.1",
        "Content-Length": str(len(content) if length is None else length),
        "x-amzn-RequestId": REQUEST_ID,
        "Connection": "close",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{lines}\r\n".encode() + content


def error(code: str, message: str = "No.", status: int = 400) -> bytes:
    """An error as AWS answers it."""
    return answer({"__type": code, "Code": code, "Logref": REQUEST_ID, "Message": message}, status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What arrived. *at* is monotonic; *body* is empty for what is not JSON; *form* has what a form's fields are."""

    at: float
    headers: dict[str, str]
    body: dict[str, Any]
    form: dict[str, str] = field(default_factory=dict)


class FarEnd:
    """Gives *answers* in turn, the last one again and again; a context manager."""

    def __init__(self, *answers: bytes) -> None:
        self.requests: list[Request] = []
        self._answers: Sequence[bytes] = answers
        self._closing = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def respond(self, connection: socket.socket, request: Request) -> None:
        """Send what is next."""
        self.requests.append(request)
        reply = self._answers[min(len(self.requests), len(self._answers)) - 1]
        if reply is SILENCE:
            self._closing.wait(60)
        elif reply is RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.sendall(reply)


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        if not self.rfile.readline().startswith(b"POST"):
            return
        headers = dict(_headers(self.rfile))
        body = self.rfile.read(int(headers.get("content-length", 0)))
        document = json.loads(body) if body.startswith(b"{") else {}
        form = {} if document else dict(parse_qsl(body.decode("latin-1")))
        request = Request(at=time.monotonic(), headers=headers, body=document, form=form)
        self.server.far_end.respond(self.connection, request)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, far_end: FarEnd) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.far_end = far_end


def _headers(lines: Any) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            return
        yield name.strip().lower(), value.strip()


@dataclass
class Calls:
    """Writes down what is told of calls."""

    attempts: list[tuple[str, str, str]] = field(default_factory=list)
    failures: list[tuple[str, str, str, str]] = field(default_factory=list)
    limits: list[tuple[str, str, float]] = field(default_factory=list)

    def attempted(self, *, account_id: str, region: str, operation: str) -> None:
        self.attempts.append((account_id, region, operation))

    def failed(self, *, account_id: str, region: str, operation: str, code: str) -> None:
        self.failures.append((account_id, region, operation, code))

    def limit(self, *, account_id: str, region: str, calls_per_second: float) -> None:
        self.limits.append((account_id, region, calls_per_second))

    @property
    def codes(self) -> list[str]:
        return [code for *_, code in self.failures]


def make_settings(
    url: str | None, *, rate: float = 1000, timeout: float = 60, profile: str | None = None
) -> AwsSettings:
    """Quick ones: by default the budget is not felt."""
    return AwsSettings(
        connect_timeout=timedelta(seconds=timeout),
        read_timeout=timedelta(seconds=timeout),
        endpoint_url=url,
        profile=profile,
        workers=4,
        max_calls_per_second=rate,
    )


@contextmanager
def open_sessions(
    url: str | None, calls: Calls | None = None, *, stopping: threading.Event | None = None, **settings: Any
) -> Iterator[Sessions]:
    """Sessions that are closed at the end."""
    made = make_settings(url, **settings)
    budgets = Budgets(made.max_calls_per_second, stopping=stopping or threading.Event())
    sessions = Sessions(made, budgets, calls or Calls())
    try:
        yield sessions
    finally:
        sessions.close()


@contextmanager
def open_source(url: str | None, calls: Calls | None = None, **settings: Any) -> Iterator[RekognitionSource]:
    """A source whose sessions are closed at the end."""
    with open_sessions(url, calls, **settings) as sessions:
        yield RekognitionSource(sessions)
