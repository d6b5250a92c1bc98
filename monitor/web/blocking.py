"""Threads for what takes long, so that the loop that answers everybody is never held up.

Each kind of work has threads of its own: a scrape must not queue behind a slow database.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import anyio
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_WAITING: Final = 16
"""Calls that queue for the same threads. Those beyond are turned away at once, which is better than late."""


class Threads:
    """A few threads and a deadline."""

    def __init__(self, *, at_once: int, deadline: float) -> None:
        """*at_once* calls run side by side, others queue; one that takes longer than *deadline* seconds is given up."""
        self._limiter = anyio.CapacityLimiter(at_once)
        self._most = at_once + _WAITING
        self._asked = 0
        self._deadline = deadline

    async def run(self, work: Callable[[], T]) -> T:
        """What *work* returns.

        Raises TimeoutError after the deadline, when the work itself goes on, unheard; HTTPException when too many wait.
        """
        if self._asked >= self._most:
            raise HTTPException(503, "too many ask at once; try again", {"Retry-After": "1"})
        self._asked += 1
        try:
            with anyio.fail_after(self._deadline):
                return await anyio.to_thread.run_sync(work, limiter=self._limiter, abandon_on_cancel=True)
        finally:
            self._asked -= 1


class Shared(Generic[T]):
    """The same work once for all who ask for it before it begins: a hundred scrapes at once cost as much as one."""

    def __init__(self, threads: Threads) -> None:
        """*threads* run the work."""
        self._threads = threads
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._next: dict[str, asyncio.Task[T]] = {}

    async def run(self, key: str, work: Callable[[], T]) -> T:
        """What *work* returns, begun after this was called, or what another's of the same *key* does. As `Threads`."""
        task = self._next.get(key)
        if task is None:
            task = self._next[key] = asyncio.create_task(self._begin(key, work))
            task.add_done_callback(_heard)
        return await asyncio.shield(task)

    async def _begin(self, key: str, work: Callable[[], T]) -> T:
        turn = self._turns[key]
        try:
            async with turn:
                del self._next[key]
                return await self._threads.run(work)
        finally:
            if key not in self._next and not turn.locked():
                self._turns.pop(key, None)


def _heard(task: asyncio.Task[T]) -> None:
    """Those who asked may have gone, and then nobody hears what went wrong."""
    with suppress(asyncio.CancelledError):
        task.exception()
