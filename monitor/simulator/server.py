"""The HTTP server: loopback, HTTP/1.1 with connections kept open, and faults that are real on the socket."""

from __future__ import annotations

import os
import socket
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any

from monitor.simulator.wire import Call, Manner, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.simulator.records import Entry

_NO_LINGER = struct.pack("ii", 1, 0)
"""SO_LINGER: on, 0 seconds. Closing then resets the connection instead of ending it (socket(7))."""
_STOP_POLL = 0.02
"""Seconds between the server's looks at whether it should stop."""
_FAREWELL = 2.0
"""Seconds to wait for the last threads after their sockets were shut down."""


class _Handler(BaseHTTPRequestHandler):
    """One connection. Bytes are written here, not by the base class: a reply may be anything but well-formed."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: RekognitionServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        reply, entry = self.server.answer(Call.of(self.headers, body))
        try:
            whole = self._send(reply)
        except OSError:
            whole, self.close_connection = False, True
        if not whole:
            entry.fail()

    def log_message(self, *_: Any) -> None:
        """The base class would write each request to stderr; what was served is in the records."""

    def _send(self, reply: Reply) -> bool:
        """Whether the reply went out whole, to a client that was still there."""
        if reply.manner is Manner.RESET:
            self._reset()
        elif reply.manner is Manner.HANG:
            self._hang(reply.hang)
        elif not self._client_is_there():
            self.close_connection = True
        else:
            self.wfile.write(self._bytes(reply))
        return reply.manner is Manner.WHOLE and not self.close_connection

    def _bytes(self, reply: Reply) -> bytes:
        head = reply.head(self.date_time_string())
        if reply.manner is Manner.WHOLE:
            return head + reply.body
        self.close_connection = True
        return head + reply.body[: len(reply.body) // 2]

    def _reset(self) -> None:
        """The descriptor is closed beneath the socket object, whose own closing would say goodbye first."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.server.forget(self.connection)
        os.close(self.connection.detach())

    def _hang(self, seconds: float | None) -> None:
        """Until the client goes, the simulator stops, or the time is over."""
        self.close_connection = True
        self.connection.settimeout(seconds)
        while self.connection.recv(65536):
            pass

    def _client_is_there(self) -> bool:
        """An orderly close shows as a readable end; nothing to read is what a waiting client looks like."""
        try:
            ahead: bytes = self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        return ahead != b""


class RekognitionServer(ThreadingHTTPServer):
    """A thread for each connection. `stop` ends them all, also those that hang."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], answer: Callable[[Call], tuple[Reply, Entry]]) -> None:
        self.answer = answer
        self._connections: set[socket.socket] = set()
        self._running = 0
        self._changed = Condition()
        super().__init__(address, _Handler)
        self._thread = Thread(
            target=self.serve_forever, kwargs={"poll_interval": _STOP_POLL}, name="simulator", daemon=True
        )

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """No new connections; the open ones are shut down, and their threads waited for."""
        self.shutdown()
        self._thread.join()
        self.server_close()
        with self._changed:
            for connection in self._connections:
                _shut_down(connection)
            self._changed.wait_for(lambda: not self._running, timeout=_FAREWELL)

    def server_bind(self) -> None:
        """Without the base class's look-up of the host's full name, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._connections.add(request)
            self._running += 1
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._changed:
                self._connections.discard(request)
                self._running -= 1
                self._changed.notify_all()

    def forget(self, connection: socket.socket) -> None:
        """The connection is closed by its own thread."""
        with self._changed:
            self._connections.discard(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is nothing to write about."""


def _shut_down(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        connection.close()
