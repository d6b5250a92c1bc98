"""Serving an application from a thread of its own, with uvicorn."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Final

import uvicorn

from monitor.web.listening import listen, url_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp

_LAST_RESORT: Final = 1.0
"""Seconds that the thread is waited for after its connections were cut."""


class WebServer:
    """An application on an address.

    The address is had when the object is made, and given back by `stop`, started or not.
    """

    def __init__(self, app: ASGIApp, address: str) -> None:
        """Listen on *address*, HOST:PORT. Raises ListenError."""
        self._socket = listen(address)
        self.url: Final = url_of(self._socket)
        self._started = threading.Event()
        self._server = uvicorn.Server(_config(app, self._note_started))
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Serve; returns when requests are answered."""
        self._thread.start()
        self._started.wait()

    def stop(self, timeout: float = 3.0) -> bool:
        """Take no more requests, give those that run *timeout* seconds, then cut them off.

        Returns whether none was cut off. Connections that only wait for a next request are closed at once.
        """
        if not self._started.is_set():
            self._socket.close()
            return True
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

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._server.serve(sockets=[self._socket])

    async def _note_started(self) -> None:
        self._started.set()

    def _cut_off(self) -> None:
        assert self._loop is not None
        self._server.force_exit = True
        self._loop.call_soon_threadsafe(self._abort_connections)

    def _abort_connections(self) -> None:
        for connection in tuple(self._server.server_state.connections):
            connection.transport.abort()


def _config(app: ASGIApp, started: Callable[[], Awaitable[None]]) -> uvicorn.Config:
    """How uvicorn serves. It logs nothing: the application tells of a request that failed, others are nobody's news.

    *started* is called when requests are answered, and now and then afterwards.
    """
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.CRITICAL,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        callback_notify=started,
        timeout_keep_alive=75,  # longer than the interval of most scrapers, so that they keep their connection
    )
