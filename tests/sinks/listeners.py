"""Listeners on loopback that are no HTTP servers."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

from tests.sinks.receiver import DEADLINE

if TYPE_CHECKING:
    from collections.abc import Iterator


class Silent:
    """A listener on loopback that takes connections and says what it is given, for what is no HTTP server.

    A proxy that refuses, a port that speaks something else, a TLS handshake that never ends.
    """

    def __init__(self, *said: bytes, every: float = 0.05) -> None:
        self._said = said
        self._every = every
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(DEADLINE)

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                self._speak(connection)

    def _speak(self, connection: socket.socket) -> None:
        connection.settimeout(DEADLINE)
        connection.recv(65536)
        for piece in self._said:
            connection.sendall(piece)
            if self._closing.wait(self._every):
                return


class Tunnel:
    """A proxy that connects whoever asks, for whatever host, with one port on loopback.

    Attributes:
        asked: The requests to connect, as they came.
    """

    def __init__(self, port: int) -> None:
        self.asked: list[str] = []
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(DEADLINE)

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, socket.create_connection(("127.0.0.1", self._target)) as target:
                self.asked.append(client.recv(65536).decode())
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_pipe, args=(target, client), daemon=True)
                back.start()
                _pipe(client, target)
                back.join(DEADLINE)


def _pipe(source: socket.socket, target: socket.socket) -> None:
    """Until one of the two ends."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def closed_port() -> Iterator[int]:
    """A port on loopback where nobody listens but a program that is told of it; nobody else is given it meanwhile.

    Two sockets may be bound to one port while both allow it (SO_REUSEADDR, as every server here does) and one at most
    listens: socket(7). The kernel gives the port to nobody who leaves the choice to it.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])
