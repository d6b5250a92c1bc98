"""Two clients on one quota, in virtual time: ours and a greedy one, before the simulator's own limit of calls."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from monitor.aws.pace import RECOVERY, Pace
from monitor.simulator.throttle import Throttle

QUOTA = 5
MINUTE, HOUR = 60.0, 3600.0


@dataclass
class Quota:
    """What both clients call, and what became of our calls: when each was made, and whether it was let through."""

    now: float = 0.0
    ours: list[tuple[float, bool]] = field(default_factory=list)
    rates: list[tuple[float, float]] = field(default_factory=list)

    def share(self, most: float, greedy: float, *, greedy_until: float, hours: float) -> Quota:
        """Let us call as often as the pace allows, and the other one *greedy* times a second for a time."""
        throttle, pace = Throttle(QUOTA, lambda: self.now), Pace(most=most)
        turns = [(0.0, True), (0.01, False)]
        while turns[0][0] < hours * HOUR:
            self.now, is_ours = heapq.heappop(turns)
            admitted = throttle.admits("DescribeProjectVersions")
            if is_ours:
                pace = pace.sent(self.now)
                if not admitted:
                    pace = pace.throttled(self.now, sent_at=self.now)
                self.ours.append((self.now, admitted))
                self.rates.append((self.now, pace.rate(self.now)))
                heapq.heappush(turns, (pace.start(self.now), True))
            elif self.now < greedy_until:
                heapq.heappush(turns, (self.now + 1 / greedy, False))
        return self

    @property
    def refused(self) -> float:
        """The share of our calls that were throttled."""
        return sum(not admitted for _, admitted in self.ours) / len(self.ours)


def test_calls_that_are_throttled_stay_few() -> None:
    """Somebody else takes three of five calls a second all the time, and we may take five: we end at what is left."""
    quota = Quota().share(5, 3, greedy_until=6 * HOUR, hours=6)

    assert 0 < quota.refused < 0.01
    assert len(quota.ours) / (6 * HOUR) == pytest.approx(1.5, abs=0.5)


def test_the_rate_is_won_back_when_the_other_one_ends() -> None:
    """At once halved, slowly won back: ten minutes after its end we have our whole rate again, and keep it."""
    quota = Quota().share(5, 3, greedy_until=10 * MINUTE, hours=1)

    slowest = min(rate for _, rate in quota.rates)
    back = [rate for at, rate in quota.rates if at > 10 * MINUTE + RECOVERY]
    assert slowest <= 2.5
    assert set(back) == {5}
    assert all(admitted for at, admitted in quota.ours if at > 11 * MINUTE)


def test_a_modest_monitor_bears_a_busy_account() -> None:
    """By default we take one call a second: others may take four, and nobody is throttled."""
    assert Quota().share(1, 4, greedy_until=HOUR, hours=1).refused == 0


def test_where_nothing_is_left_we_ask_seldom() -> None:
    """Somebody takes all that there is: we fall to an eighth of our rate, no lower, and no second holds more."""
    quota = Quota().share(1, 50, greedy_until=HOUR, hours=1)
    spaces = [later - sooner for (sooner, _), (later, _) in pairwise(quota.ours)]

    assert max(spaces) <= 8.1
    assert sum(spaces[10:]) / len(spaces[10:]) > 4
