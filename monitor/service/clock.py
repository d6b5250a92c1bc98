"""The machine's clock, and what the daemon makes of it when it is set."""

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


class SteadyClock:
    """The wall clock as it would go if nobody set it; follows the real one when it is told to.

    So no reading jumps while work is under way, and what waits in the database can be moved together with the clock.
    A machine that was suspended looks like one whose clock was put forward.
    """

    def __init__(self, wall: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._set = (wall(), monotonic())  # replaced whole: readers need no lock

    def __call__(self) -> datetime:
        """The time, UTC."""
        time, ticks = self._set
        return time + timedelta(seconds=self._monotonic() - ticks)

    def jump(self) -> timedelta:
        """By how much the wall clock was set; zero for nothing worth mentioning, which is followed in silence."""
        jump = self._wall() - self()
        if abs(jump) > TOLERANCE:
            return jump
        self.follow()
        return timedelta(0)

    def follow(self) -> None:
        """Show what the wall clock shows."""
        self._set = (self._wall(), self._monotonic())
