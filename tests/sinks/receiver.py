"""A webhook's far end on loopback: it takes requests over real sockets and answers as a test wants it to."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

import orjson
from standardwebhooks import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from tests.sinks.certificates import Identity

DEADLINE = 60.0
"""Seconds that a test waits for what should come at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request. The names of its headers are in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    def verify(self, key: bytes) -> None:
        """Raises WebhookVerificationError unless it is signed with *key*, and lately."""
        Webhook(key).verify(self.body, dict(self.headers), json_parse=False)


class Handler(BaseHTTPRequestHandler):
    """One connection, with what an answer may do to it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Receiver

    def setup(self) -> None:
        super().setup()
        if isinstance(self.connection, ssl.SSLSocket):
            self.connection.do_handshake()
        self.number = self.server.connected()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        received = Received(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            connection=self.number,
        )
        self.server.take(received)(self)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        pass

    def reply(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def raw(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def end(self) -> None:
        """Close the connection after this request."""
        self.close_connection = True


class Receiver(ThreadingHTTPServer):
    """A server that is up inside its `with`.

    Attributes:
        received: Every request so far, in the order of their ends.
        connections: How many were made so far.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, *answers: Callable[[Handler], None], identity: Identity | None = None) -> None:
        """Answer with *answers* in turn, the last one for ever; 204 when there is none."""
        self.answers = list(answers) or [reply(204)]
        self.tls = identity.server_context() if identity else None
        self.received: list[Received] = []
        self.connections = 0
        self.closing = threading.Event()
        self._changed = threading.Condition()
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.server_port}/hook"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        with self._changed:
            self._changed.wait_for(lambda: not self._open, DEADLINE)
        self.server_close()

    def get_request(self) -> tuple[Any, Any]:
        connection, address = super().get_request()
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with suppress(OSError):
            super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what many tests are about."""

    def connected(self) -> int:
        with self._changed:
            self.connections += 1
            self._changed.notify_all()
            return self.connections

    def take(self, received: Received) -> Callable[[Handler], None]:
        with self._changed:
            self.received.append(received)
            self._changed.notify_all()
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def wait_for(self, condition: Callable[[], bool]) -> bool:
        """Whether a request or connection made *condition* true in time."""
        with self._changed:
            return self._changed.wait_for(condition, DEADLINE)


def reply(status: int, body: bytes | str = b"", **headers: str) -> Callable[[Handler], None]:
    """An ordinary answer; `Retry_After="3"` is the header Retry-After."""
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.reply(status, named, data)


def hang(handler: Handler) -> None:
    """No answer until the test ends."""
    handler.server.closing.wait(DEADLINE)
    handler.end()


def reset(handler: Handler) -> None:
    """The request is taken and the connection reset, as by a process that dies."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    for each in (handler.rfile, handler.wfile, handler.connection):
        each.close()
    raise ConnectionAbortedError


def hang_up(handler: Handler) -> None:
    """The connection ends without an answer."""
    handler.end()


def accept_and_close(handler: Handler) -> None:
    """Accepted, and the connection is not kept."""
    handler.reply(204, {"Connection": "close"}, b"")
    handler.end()


def raw(data: bytes) -> Callable[[Handler], None]:
    """Whatever bytes, HTTP or not; then the end."""

    def answer(handler: Handler) -> None:
        handler.raw(data)
        handler.end()

    return answer


def drip(data: bytes, *, every: float = 0.05) -> Callable[[Handler], None]:
    """*data*, then a byte now and then for ever, so that no wait for a single piece is long."""

    def answer(handler: Handler) -> None:
        handler.raw(data)
        while not handler.server.closing.wait(every):
            handler.raw(b"x")
        handler.end()

    return answer


def pour(data: bytes) -> Callable[[Handler], None]:
    """*data*, then as many bytes as are taken."""

    def answer(handler: Handler) -> None:
        handler.raw(data)
        while not handler.server.closing.is_set():
            handler.raw(b"x" * 65536)

    return answer


def at_random(random: Random, share: float) -> Callable[[Handler], None]:
    """Fails that share of the requests in one of the ways that a far end has, the others are accepted."""
    failures = (reply(500, "broken"), reply(503, "busy"), reply(429, "slow down"), reset, hang_up)

    def answer(handler: Handler) -> None:
        chosen = random.choice(failures) if random.random() < share else reply(204)
        chosen(handler)

    return answer
