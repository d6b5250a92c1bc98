"""Threads for what takes long, so that the loop that answers everybody is never held up.

Each kind of work has threads of its own: a scrape must not queue behind a slow database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import anyio

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Threads:
    """A few threads and a deadline."""

    def __init__(self, *, at_once: int, deadline: float) -> None:
        """*at_once* calls run side by side, others queue; one that takes longer than *deadline* seconds is given up."""
        self._limiter = anyio.CapacityLimiter(at_once)
        self._deadline = deadline

    async def run(self, work: Callable[[], T]) -> T:
        """What *work* returns. Raises TimeoutError after the deadline; the work itself goes on, unheard."""
        with anyio.fail_after(self._deadline):
            return await anyio.to_thread.run_sync(work, limiter=self._limiter, abandon_on_cancel=True)
