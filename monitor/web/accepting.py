"""Taking connections: one after the other, each with the TLS of the moment, none held up by another's handshake.

uvicorn's own way, `loop.create_server`, has one TLS context for ever and no bound on connections.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from asyncio.sslproto import SSLProtocol
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from monitor.web.connections import Connection, Connections

log = structlog.get_logger(__name__)

_HANDSHAKE: Final = 10.0
"""Seconds for a TLS handshake; it takes milliseconds, and a few hundred over a bad line."""

_GOODBYE: Final = 2.0
"""Seconds that the far end has to agree to the end of TLS."""

_RECORD: Final = 32 * 1024
"""Bytes that asyncio has ready for what comes on a connection with TLS; a record has 16 KiB at most (RFC 8446). Its own
256 KiB a connection, which wait for the collector of garbage, made 500 MB of a few hundred silent connections."""

_UNSENT: Final = 512 * 1024
"""Bytes that the kernel takes of an answer before they are read: it would take megabytes for each slow reader."""

_PAUSE: Final = 0.2
"""Seconds until the next try when the machine has no file or memory left for one more connection."""

_PASSING: Final = frozenset({errno.ECONNABORTED, errno.EINTR, errno.EPROTO, errno.EPERM})
"""What becomes of a connection before it is taken, and says nothing about the next (accept(2))."""


class Acceptor:
    """Takes connections from a listening socket until it is cancelled."""

    def __init__(
        self,
        listening: socket.socket,
        connections: Connections,
        *,
        make: Callable[[], Connection],
        tls: Callable[[], ssl.SSLContext | None],
    ) -> None:
        """*make* gives the protocol of a new connection; *tls* what to encrypt it with, None for nothing."""
        self._listening = listening
        self._connections = connections
        self._make = make
        self._tls = tls
        self._opening: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Take connections for ever."""
        loop = asyncio.get_running_loop()
        SSLProtocol.max_size = _RECORD
        self._listening.settimeout(0)
        while True:
            try:
                wire, _ = await loop.sock_accept(self._listening)
            except OSError as error:
                if error.errno not in _PASSING:
                    log.warning("connections.refused", error=error.strerror)
                    await asyncio.sleep(_PAUSE)
                continue
            self._take(wire)
            await asyncio.sleep(0)  # those that are open have their turn, however many more wait

    def _take(self, wire: socket.socket) -> None:
        connection = self._make()
        self._connections.add(connection)
        opening = asyncio.create_task(self._open(connection, wire))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        connection.opens_by(opening.cancel)

    async def _open(self, connection: Connection, wire: socket.socket) -> None:
        tls = self._tls()
        times = {"ssl_handshake_timeout": _HANDSHAKE, "ssl_shutdown_timeout": _GOODBYE} if tls else {}
        opened = False
        try:
            _tune(wire)
            await asyncio.get_running_loop().connect_accepted_socket(lambda: connection, wire, ssl=tls, **times)
            opened = True
        except (OSError, TimeoutError) as error:  # a stranger's handshake is no news, unless somebody looks for it
            log.debug("connection.failed", error=str(error))
        finally:
            connection.opens_by(None)  # the task and the connection would keep each other until garbage is collected
            if not opened:
                self._connections.drop(connection)
                wire.close()


def _tune(wire: socket.socket) -> None:
    """An answer of a few bytes leaves at once, one of many does not fill the kernel's memory."""
    with suppress(OSError):  # a Unix socket has no TCP
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT)
