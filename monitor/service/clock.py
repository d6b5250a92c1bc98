"""The machine's clock, and whether it was set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

TOLERANCE: Final = timedelta(seconds=1)
"""Below this it is slewing, or the time between two readings."""


def utc_now() -> datetime:
    """The time by the machine's clock."""
    return datetime.now(UTC)


class ClockWatch:
    """Compares the wall clock with one that only grows."""

    def __init__(self, clock: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._last = (clock(), monotonic())

    def jump(self) -> timedelta:
        """By how much the wall clock has been set since the last call; zero for nothing worth mentioning.

        A machine that was suspended looks like one whose clock was put forward.
        """
        before, ticks_before = self._last
        now, ticks = self._last = (self._clock(), self._monotonic())
        jump = (now - before) - timedelta(seconds=ticks - ticks_before)
        return jump if abs(jump) > TOLERANCE else timedelta(0)
