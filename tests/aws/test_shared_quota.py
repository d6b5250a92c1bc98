"""Two clients on one quota, in virtual time: ours and a greedy one, before the simulator's own limit of calls.

Once with the real boto3 over HTTP for some minutes, and by the pace alone for hours.
"""

from __future__ import annotations

import heapq
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from monitor.aws.budget import Budgets
from monitor.aws.pace import RECOVERY, Pace
from monitor.aws.sessions import Sessions
from monitor.aws.source import RekognitionSource
from monitor.domain.fault import Fault
from monitor.simulator import Scenario, Simulator
from monitor.simulator.throttle import Throttle
from tests.aws.wire import Calls, make_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.domain.project import Project

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


class Virtual(threading.Event):
    """The time of two clients, and the stopping event of ours: while we wait for a turn, the neighbour calls."""

    def __init__(self, greedy: float) -> None:
        super().__init__()
        self.now = 0.0
        self.neighbour: Callable[[], None] = lambda: None
        self._every = 1 / greedy
        self._its_next = 0.01

    def wait(self, timeout: float | None = None) -> bool:
        until = self.now + (timeout or 0.0)
        while self._its_next <= until:
            self.now, self._its_next = self._its_next, self._its_next + self._every
            self.neighbour()
        self.now = until
        return False

    def again(self, *, response: tuple[Any, dict[str, Any]] | None, attempts: int, **_: Any) -> float | None:
        """For botocore, that it tries once more without sleeping: the second that it may wait for passes here."""
        if response is None or "Error" not in response[1] or attempts > 1:
            return None
        self.wait(1.0)
        return 0.0


def neighbour_at(url: str, project: Project) -> Callable[[], None]:
    """Somebody's script, which does not mind being throttled."""
    client = boto3.client(
        "rekognition", "us-east-1", endpoint_url=url, config=Config(retries={"total_max_attempts": 1})
    )

    def call() -> None:
        with suppress(client.exceptions.ThrottlingException):
            client.describe_project_versions(ProjectArn=project.arn)

    return call


def test_over_http_few_of_our_calls_are_throttled(project: Project) -> None:
    """The real client beside a greedy one for ten minutes: under one call in a hundred, and no listing fails for it."""
    time, calls, listings = Virtual(greedy=3), Calls(), []
    with Simulator(Scenario(), monotonic=lambda: time.now) as simulator:
        simulator.world.put_project(project.arn)
        budgets = Budgets(QUOTA, stopping=time, monotonic=lambda: time.now)
        sessions = Sessions(make_settings(simulator.url), budgets, calls)
        sessions.client(project).meta.events.register_first("needs-retry.rekognition", time.again)  # type: ignore[arg-type] # answers count
        time.neighbour = neighbour_at(simulator.url, project)
        source = RekognitionSource(sessions)
        while time.now < 10 * MINUTE:
            listings.append(source.list_versions(project))
        sessions.close()

    assert not [each for each in listings if isinstance(each, Fault)]
    assert 0 < calls.codes.count("ThrottlingException") < len(calls.attempts) / 100
    assert len(calls.attempts) > 10 * MINUTE
    assert len(simulator.served) == pytest.approx(len(calls.attempts) + 3 * 10 * MINUTE, abs=5)


@pytest.mark.parametrize(("others", "ours"), [(1, 2.9), (3, 1.5), (3.5, 0.8), (4, 0.8)])
def test_calls_that_are_throttled_stay_few(others: float, ours: float) -> None:
    """Somebody else takes most of five calls a second all the time, and we may take five: we end at what is left."""
    quota = Quota().share(5, others, greedy_until=4 * HOUR, hours=4)

    assert 0 < quota.refused < 0.01
    assert len(quota.ours) / (4 * HOUR) == pytest.approx(ours, abs=0.1)


def test_the_rate_is_won_back_when_the_other_one_ends() -> None:
    """At once halved, slowly won back: a quarter of an hour after its end we have our whole rate again, and keep it."""
    quota = Quota().share(5, 3, greedy_until=10 * MINUTE, hours=1)

    slowest = min(rate for _, rate in quota.rates)
    back = [rate for at, rate in quota.rates if at > 10 * MINUTE + 3 * RECOVERY]
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
