"""A time that stays comparable when the clock is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from monitor.dispatcher.ports import Surroundings

_NOTHING: Final = timedelta(seconds=1)
"""Less is the time between reading two clocks, and slewing."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What both clocks showed; *ticks* are seconds that no change of the other clock touches."""

    time: datetime
    ticks: float

    @classmethod
    def now(cls, its: Surroundings) -> Moment:
        """This one."""
        return cls(its.clock(), its.monotonic())

    def jump(self, later: Moment) -> timedelta:
        """By how much the clock was set between this moment and a *later* one."""
        jump = (later.time - self.time) - timedelta(seconds=later.ticks - self.ticks)
        return jump if abs(jump) > _NOTHING else timedelta(0)
