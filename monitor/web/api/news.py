"""Whether the history grew, for everybody who streams it: asked once, however many there are, and by no thread."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import structlog
from starlette.exceptions import HTTPException

from monitor.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.domain.delivery import Message
    from monitor.domain.inquiry import Inquiry
    from monitor.web.blocking import Threads
    from monitor.web.ports import Ports

log = structlog.get_logger(__name__)

MOST_STREAMS: Final = 50
"""Streams at a time, a quarter of the connections that there may be: scrapes find a place, whoever forgets a page."""

_PAUSE: Final = 0.2
"""Seconds between two looks, however many polls end meanwhile."""

_AT_LEAST: Final = 10.0
"""Seconds after which it is looked though no poll ended: another process (`poll`) stores events, too."""

_READERS: Final = 2
"""Streams that read at once: many that wake together must not take the database from everybody else."""

TROUBLE: Final = (StateError, TimeoutError, HTTPException)
"""What reading may raise; a later look may do better."""


class News:
    """Follows the end of the history while somebody streams. Belongs to the loop that serves.

    Attributes:
        end: Where the history ended at the last look.
    """

    def __init__(self, ports: Ports, database: Threads, *, most: int = MOST_STREAMS) -> None:
        """*most* is how many streams there may be at a time."""
        self.end = 0
        self._most = most
        self._ports = ports
        self._database = database
        self._streams = 0
        self._grown = asyncio.Event()
        self._rung = asyncio.Event()
        self._readers = asyncio.Semaphore(_READERS)
        self._following: asyncio.Task[None] | None = None

    @property
    def full(self) -> bool:
        """Whether there is no room for another stream."""
        return self._streams >= self._most

    @contextmanager
    def followed(self) -> Iterator[None]:
        """One stream more meanwhile; the first one begins to follow, the last one ends it."""
        self._streams += 1
        if self._following is None:
            self._following = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            self._streams -= 1
            if not self._streams and self._following is not None:
                self._following.cancel()
                self._following = None

    async def position(self) -> int:
        """Where the history ends now. May raise what is in `TROUBLE`."""
        return await self._database.run(self._ports.records.newest_position)

    async def read(self, inquiry: Inquiry) -> Sequence[Message]:
        """The events that *inquiry* wants. May raise what is in `TROUBLE`."""
        async with self._readers:
            return await self._database.run(lambda: self._ports.records.events(inquiry))

    async def beyond(self, position: int, seconds: float) -> None:
        """Return when the history has grown beyond *position*, when the program stops, or after that many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.end <= position and not self._ports.stopping():
                    await self._grown.wait()

    async def _follow(self) -> None:
        end = self._ports.subscribe(_waker(asyncio.get_running_loop(), self._rung))
        try:
            while True:
                await self._look()
                await asyncio.sleep(_PAUSE)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._rung.wait(), _AT_LEAST)
                self._rung.clear()
        finally:
            end()

    async def _look(self) -> None:
        try:
            end = self.end if self._ports.stopping() else await self.position()
        except TROUBLE as error:
            log.warning("events.unavailable", error=str(error) or "it took too long")
            return
        if end > self.end or self._ports.stopping():
            self.end = end
            self._grown.set()  # wakes those who wait now …
            self._grown.clear()  # … and nobody who comes later, who looks first


def _waker(loop: asyncio.AbstractEventLoop, rung: asyncio.Event) -> Callable[[], None]:
    """Sets *rung* from any thread."""

    def wake() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(rung.set)

    return wake
