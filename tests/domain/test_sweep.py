"""The cadence under load, in virtual time: what 100 projects get of one call a second."""

from __future__ import annotations

import heapq
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import pytest

from monitor.aws.pace import Pace
from monitor.domain.cadence import Cadence, jittered, stretch, wanted_interval
from monitor.domain.demand import Demand
from tests.builders import project, project_arn

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECTS = [project(project_arn(f"p{number}")) for number in range(100)]
HOURS = 4
SETTLED = 1800.0
"""Seconds after which every project knows what the others want."""


def sweep(transient: int, cadence: Cadence, *, rate: float = 1.0) -> tuple[Mapping[int, list[float]], dict[int, float]]:
    """When each project was asked, and the interval that was shown last; the first ones have something under way."""
    chance, demand, pace = Random(6), Demand(), Pace(most=rate)
    due = [(number / rate, number) for number in range(len(PROJECTS))]
    asked: defaultdict[int, list[float]] = defaultdict(list)
    shown = {}
    while due[0][0] < HOURS * 3600:
        wanted_at, number = heapq.heappop(due)
        now = pace.start(wanted_at)
        pace = pace.sent(now)
        asked[number].append(now)
        first = number < transient
        wanted = wanted_interval(cadence, PROJECTS[number], hurry=first)
        load = demand.put(PROJECTS[number], 1, wanted, first=first)
        interval = wanted * stretch(load, pace.sustained(now), first=first)
        shown[number] = interval.total_seconds()
        wait = jittered(interval, cadence.jitter, chance.random()).total_seconds()
        heapq.heappush(due, (now + wait, number))
    return asked, shown


def gaps(times: list[float]) -> list[float]:
    return [later - sooner for sooner, later in pairwise(time for time in times if time > SETTLED)]


def test_no_second_holds_more_than_one_call() -> None:
    """Whatever the projects want."""
    asked, _ = sweep(50, Cadence(interval=timedelta(seconds=10), transition_interval=timedelta(seconds=1)))
    calls = sorted(time for times in asked.values() for time in times)

    assert min(later - sooner for sooner, later in pairwise(calls)) >= 1.0


def test_a_sweep_spreads_evenly() -> None:
    """100 projects that want to be asked each minute get one call in 110 seconds each, and nobody gets much less."""
    asked, _ = sweep(0, Cadence(interval=timedelta(minutes=1)))
    counts = [len(times) for times in asked.values()]
    longest = max(gap for times in asked.values() for gap in gaps(times))

    assert len(counts) == 100
    assert min(counts) > 0.95 * max(counts)
    assert longest < 1.3 * 110


def test_what_is_under_way_goes_first() -> None:
    """20 of 100 projects fill two thirds of the budget at 30 s; the others make room, and are asked all the same."""
    asked, _ = sweep(20, Cadence(interval=timedelta(minutes=1)))
    first, others = ([gap for number in which for gap in gaps(asked[number])] for which in (range(20), range(20, 100)))

    assert sum(first) / len(first) == pytest.approx(30, rel=0.1)
    assert max(others) < 1.3 * 80 / (1 / 1.1 - 20 / 30)


def test_nothing_starves_when_everything_else_is_under_way() -> None:
    """99 projects under way ask each other's turns away; the hundredth is asked every twenty minutes at least."""
    asked, _ = sweep(99, Cadence())

    assert max(gaps(asked[99])) < 1.3 * 1200


@pytest.mark.parametrize("transient", [0, 20, 60])
def test_the_real_cadence_shows(transient: int) -> None:
    """The interval in the gauge is the one that comes about, jitter and waiting for the budget included."""
    asked, shown = sweep(transient, Cadence(interval=timedelta(minutes=1)))

    real = {number: sum(gaps(times)) / len(gaps(times)) for number, times in asked.items()}
    assert all(real[number] == pytest.approx(shown[number], rel=0.15) for number in real)
