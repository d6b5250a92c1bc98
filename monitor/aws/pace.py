"""When the next call may be sent: the schedule of one account and region, without a clock.

Calls are spaced evenly rather than let through in bursts, so that no second anywhere holds more than it may.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor, inf, log2
from typing import Final

JITTER: Final = 0.1
"""Seconds by which a call may reach AWS later, next to another one, than it left the budget. A tenth of a second covers
signing and the way through a network; it costs a tenth of the rate at most."""

FLOOR: Final = 1 / 8
"""The share of the greatest rate below which throttling does not push: three halvings, after which somebody else is
using up the quota, and asking even more seldom would only blind the monitor."""

RECOVERY: Final = 300.0
"""Seconds in which what was halved doubles. By parts of the rate as it is, not of the greatest one: where somebody else
leaves us one call in five a second, we would else be back at it within 40 calls, and one in 40 throttled."""

_HALVINGS: Final = -log2(FLOOR)


def closest(most: float) -> float:
    """The least seconds between two calls when *most* calls a second are allowed.

    A second holds whole calls: 2.5 means two in any second, and 0.5 one in any two seconds. The number of calls, and
    one more, span more than the period by `JITTER`.
    """
    calls = max(1, floor(most))
    period = calls / min(most, calls)
    return (period + JITTER) / calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The state of one schedule. Times are seconds of one monotonic clock.

    Attributes:
        most: Calls a second that are never exceeded.
        last: When the last call was sent.
        slowed_at: When the rate was last halved.
        slowed_to: To what it was halved.
    """

    most: float
    last: float = -inf
    slowed_at: float = -inf
    slowed_to: float = inf

    def rate(self, now: float) -> float:
        """Calls a second that are allowed now: doubled in every `RECOVERY` seconds since the last halving."""
        doublings = min((now - self.slowed_at) / RECOVERY, _HALVINGS)
        return min(self.most, self.slowed_to * 2**doublings)

    def sustained(self, now: float) -> float:
        """Calls a second that can really be made, one after the other; a little less than the rate (`closest`)."""
        return 1 / max(closest(self.most), 1 / self.rate(now))

    def start(self, now: float) -> float:
        """The earliest time, *now* or later, at which one more call may be sent."""
        return max(now, self.last + 1 / self.sustained(now))

    def sent(self, at: float) -> Pace:
        """After a call was sent, not before `start`."""
        return replace(self, last=at)

    def throttled(self, now: float, *, sent_at: float) -> Pace:
        """After AWS throttled the call that was sent at *sent_at*.

        Halves the rate, down to `FLOOR`; answers to calls that had been sent before the last halving tell nothing new.
        """
        if sent_at <= self.slowed_at:
            return self
        return replace(self, slowed_at=now, slowed_to=max(self.rate(now) / 2, self.most * FLOOR))
