"""Serving an application from a thread of its own, with uvicorn."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from monitor.web.accepting import Acceptor
from monitor.web.connections import Connection, Connections
from monitor.web.listening import listen, url_of
from monitor.web.rules_file import RulesFile

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from monitor.config.web import Web

_LAST_RESORT: Final = 1.0
"""Seconds that the thread is waited for after its connections were cut."""

_LOOK_EVERY: Final = 1.0
"""Seconds between two looks at connections that are late and files that have changed."""


class WebServer:
    """An application on an address, which is had when the object is made, and given back by `stop`, started or not."""

    def __init__(
        self,
        app: ASGIApp,
        listening: socket.socket | str,
        rules_file: RulesFile | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Serve *app* on *listening*.

        Args:
            app: What answers.
            listening: A socket that listens already, or the address to listen on, HOST:PORT.
            rules_file: Says what connections are encrypted with, and is looked at every second; None for plain HTTP.
            monotonic: Seconds that only grow, of `beat`.

        Raises:
            ListenError: The address cannot be had.
        """
        self._socket = listen(listening) if isinstance(listening, str) else listening
        self._urls = {tls: url_of(self._socket, tls=tls) for tls in (False, True)}
        self._rules_file = rules_file or RulesFile.without()
        self._monotonic = monotonic
        self._beat = monotonic()
        self._started = threading.Event()
        self._server = uvicorn.Server(_config(app))
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._accepting: asyncio.Task[None] | None = None
        self._connections: Connections | None = None

    @property
    def url(self) -> str:
        """Where a client on this machine finds it."""
        return self._urls[self._rules_file.rules.tls is not None]

    def beat(self) -> float:
        """When it was last seen to go round, by the monotonic clock; every second or so while it works."""
        return self._beat if self._started.is_set() else self._monotonic()

    def configure(self, web: Web) -> None:
        """Go by other settings from now on; where it listens and the name of the web configuration file stay."""
        self._rules_file.configure(web)

    def start(self) -> None:
        """Serve; returns when requests are answered."""
        self._thread.start()
        self._started.wait()

    def stop(self, timeout: float = 3.0) -> bool:
        """Take no more requests, give those that run *timeout* seconds, then cut them off.

        Returns whether none was cut off. Connections that only wait for a next request are closed at once.
        """
        if self._loop is None:
            self._socket.close()
            return True
        self._loop.call_soon_threadsafe(self._stop_accepting)
        self._server.should_exit = True
        self._thread.join(timeout)
        if not self._thread.is_alive():
            return True
        self._cut_off()
        self._thread.join(_LAST_RESORT)
        return False

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._started.set()
            self._socket.close()

    async def _serve(self) -> None:
        self._loop = loop = asyncio.get_running_loop()
        self._connections = connections = Connections(loop.time)

        def speak(connection: Connection) -> H11Protocol:
            state = {"connection": connection}
            return H11Protocol(self._server.config, self._server.server_state, state, loop)

        acceptor = Acceptor(
            self._socket,
            connections,
            make=lambda: Connection(connections, speak, self._rules_file.admits),
            tls=lambda: self._rules_file.rules.tls,
        )
        self._server.config.load()
        self._accepting = asyncio.create_task(acceptor.run())
        looking = asyncio.create_task(self._look(connections))
        self._started.set()
        await self._server.serve(sockets=[])
        looking.cancel()

    async def _look(self, connections: Connections) -> None:
        """Go round for ever; no longer once no connections are taken, so that this is seen."""
        while self._accepting is not None and not self._accepting.done():
            self._beat = self._monotonic()
            connections.sweep()
            await asyncio.to_thread(self._rules_file.look)
            await asyncio.sleep(_LOOK_EVERY)

    def _stop_accepting(self) -> None:
        if self._accepting is not None:
            self._accepting.cancel()
        self._socket.close()

    def _cut_off(self) -> None:
        assert self._loop is not None
        self._server.force_exit = True
        with suppress(RuntimeError):  # it has ended meanwhile
            self._loop.call_soon_threadsafe(self._abort_connections)

    def _abort_connections(self) -> None:
        for connection in self._connections or ():
            connection.cut()


def _config(app: ASGIApp) -> uvicorn.Config:
    """How uvicorn serves. It logs nothing: the application tells of a request that failed, others are nobody's news."""
    return uvicorn.Config(
        app,
        loop="asyncio",
        http=H11Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.CRITICAL,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,  # longer than the interval of most scrapers, so that they keep their connection
        h11_max_incomplete_event_size=16 * 1024,
    )
