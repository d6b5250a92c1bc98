"""Quiet windows: the times of the week in which a sink is told only what cannot wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, time, tzinfo

    from monitor.domain.severity import Severity

EVERY_DAY: Final = frozenset(range(7))
"""The days of the week as `datetime.weekday` numbers them: Monday is 0."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietWindow:
    """From one time of day to another, by the clocks of a zone.

    By the clocks on the wall: where they are put forward or back within it, the window is shorter or longer.

    Attributes:
        begins: The first time of day in it.
        ends: The first time of day after it; on the next day where it is not later than `begins`.
        days: Those on which it begins, as `datetime.weekday` numbers them.
        below: Events of less than this severity wait.
    """

    begins: time
    ends: time
    days: frozenset[int] = EVERY_DAY
    zone: tzinfo
    below: Severity

    def holds(self, now: datetime) -> bool:
        """Whether *now* lies in it."""
        there = now.astimezone(self.zone)
        today, yesterday = (day.weekday() in self.days for day in (there, there - _DAY))
        clock = there.time()
        if self.begins < self.ends:
            return today and self.begins <= clock < self.ends
        return (today and clock >= self.begins) or (yesterday and clock < self.ends)


def held_below(windows: Iterable[QuietWindow], now: datetime) -> Severity | None:
    """Events of less than this severity wait *now*; None when none has to."""
    return max((window.below for window in windows if window.holds(now)), default=None)


def longest_hold(windows: Iterable[QuietWindow], monday: datetime, *, step: timedelta) -> timedelta:
    """How long an event can be held without a break, found by looking every *step* at the fortnight from *monday* on.

    Windows that leave no time between them hold for ever; the answer is the fortnight then.
    """
    windows = tuple(windows)
    longest = held = timedelta(0)
    for number in range(2 * 7 * _DAY // step):
        held = held + step if held_below(windows, monday + number * step) is not None else timedelta(0)
        longest = max(longest, held)
    return longest
