from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.cadence import YIELDING, Cadence, backed_off, jittered, stretch, under_way, wanted_interval
from monitor.domain.demand import Load
from monitor.domain.snapshot import Absence
from monitor.domain.status import KNOWN
from tests.builders import T0, project, snapshot, tracked, version

if TYPE_CHECKING:
    from monitor.domain.project import Project
    from monitor.domain.snapshot import Snapshot

CADENCE = Cadence(interval=timedelta(minutes=5), transition_interval=timedelta(seconds=30))
QUIET, BUSY = snapshot(tracked()), snapshot(tracked(), tracked(version("v2", "STARTING")))
EVERY = st.timedeltas(timedelta(seconds=1), timedelta(days=90))
FAILURES = st.integers(1, 10_000)
RATES = st.just(0.0) | st.floats(0.001, 1000)


def wanted(of: Project, seen: Snapshot | None) -> timedelta:
    return wanted_interval(CADENCE, of, hurry=under_way(of, seen))


@pytest.mark.parametrize("status", KNOWN.values(), ids=str)
def test_a_transient_status_is_asked_about_more_often(status: object) -> None:
    """A project is asked by the transition interval while one of its versions is in a status that ends by itself."""
    seen = snapshot(tracked(), tracked(version("v2", str(status))))
    transient = KNOWN[str(status)].transient

    assert wanted(project(), seen) == timedelta(seconds=30 if transient else 300)


def test_a_version_missing_while_in_transition_counts() -> None:
    """A version whose absence is not confirmed is waited for as before."""
    missing = snapshot(tracked(version(status="DELETING"), absence=Absence(listings=1, last_seen=T0)))

    assert wanted(project(), missing) == timedelta(seconds=30)


def test_versions_that_the_patterns_leave_out_do_not_hurry_a_poll() -> None:
    """Nobody is told about them, so nobody waits for them."""
    assert wanted(project(patterns=("v1",)), BUSY) == timedelta(minutes=5)


def test_a_project_without_a_snapshot_is_asked_by_the_ordinary_interval() -> None:
    """Where nothing is known, nothing is under way."""
    assert wanted(project(), None) == timedelta(minutes=5)


def test_a_project_s_own_intervals_come_first() -> None:
    """The operator may ask about one project at another pace."""
    own = project(interval=timedelta(minutes=1), transition_interval=timedelta(seconds=10))

    assert (wanted(own, QUIET), wanted(own, BUSY)) == (
        timedelta(minutes=1),
        timedelta(seconds=10),
    )


@pytest.mark.parametrize(
    ("interval", "soon", "seconds"),
    [
        (300, False, [300, 600, 900, 900, 900]),
        (300, True, [30, 60, 120, 240, 480, 900, 900]),
        (60, False, [60, 120, 240, 480, 600, 600]),
        (60, True, [30, 60, 120, 240, 480, 600, 600]),
        (10, True, [10, 20, 40, 80, 100, 100]),
        (3600, False, [3600, 3600]),
        (3600, True, [30, 60, 120, 240, 480, 900, 900]),
    ],
)
def test_each_failure_doubles_the_wait(interval: int, soon: bool, seconds: list[int]) -> None:  # noqa: FBT001 - a table
    """The wait grows to ten intervals or 15 minutes, whichever is shorter, but is never less than it began with."""
    waits = [
        backed_off(
            timedelta(seconds=interval), soon_interval=timedelta(seconds=30), failures=failures, soon=soon
        ).total_seconds()
        for failures in range(1, len(seconds) + 1)
    ]

    assert waits == seconds


@given(EVERY, EVERY, FAILURES, st.booleans())
def test_the_wait_never_shrinks_and_stays_within_its_bounds(
    interval: timedelta,
    soon_interval: timedelta,
    failures: int,
    soon: bool,  # noqa: FBT001 - drawn
) -> None:
    """Whatever the settings: one more failure never shortens the wait, and the cap of rule 6 holds."""
    now, later = (
        backed_off(interval, soon_interval=soon_interval, failures=count, soon=soon)
        for count in (failures, failures + 1)
    )
    first = min(interval, soon_interval) if soon else interval

    assert first <= now <= later <= max(first, min(10 * interval, timedelta(minutes=15)))


@given(EVERY, EVERY)
def test_after_enough_failures_the_wait_is_as_long_as_it_gets(interval: timedelta, soon_interval: timedelta) -> None:
    """The cap is reached, not only kept."""
    wait = backed_off(interval, soon_interval=soon_interval, failures=100, soon=False)

    assert wait == max(interval, min(10 * interval, timedelta(minutes=15)))


@pytest.mark.parametrize(
    ("first", "others", "stretches"),
    [
        (0.0, 0.0, (1, 1)),
        (0.5, 0.5, (1, 1)),
        (0.0, 3.0, (1, 3)),
        (3.0, 0.0, (3, 1)),
        (0.5, 1.0, (1, 2)),
        (1.9, 0.2, (2, 4)),
        (3.0, 3.0, (4, 12)),
    ],
)
def test_intervals_stretch_as_the_budget_demands(first: float, others: float, stretches: tuple[float, float]) -> None:
    """What fits in one call a second is left alone; else what is under way goes first, and the others never starve."""
    load = Load(first=first, others=others)

    assert (stretch(load, 1.0, first=True), stretch(load, 1.0, first=False)) == pytest.approx(stretches)


@given(RATES, RATES, st.floats(0.01, 100))
def test_what_is_stretched_fits(first: float, others: float, budget: float) -> None:
    """All calls together stay within the budget, and the others yield as much as they may before the first ones do."""
    load = Load(first=first, others=others)
    slower = [stretch(load, budget, first=each) for each in (True, False)]

    assert first / slower[0] + others / slower[1] <= budget * 1.000001
    assert slower[0] == 1 or others == 0 or slower[1] >= YIELDING * 0.999999


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 270), (0.5, 300), (1.0, 330)])
def test_jitter_goes_both_ways(chance: float, seconds: float) -> None:
    """A tenth of jitter is at most a tenth shorter or longer, and nothing on the average."""
    assert jittered(timedelta(minutes=5), 0.1, chance) == timedelta(seconds=seconds)


@given(EVERY, st.floats(0, 1), st.floats(0, 1))
def test_jitter_stays_within_its_share(interval: timedelta, jitter: float, chance: float) -> None:
    """No wait is shorter or longer by more than the share, nor negative (to the microsecond)."""
    hair = timedelta(microseconds=1)
    wait = jittered(interval, jitter, chance)

    assert max(interval * (1 - jitter) - hair, timedelta()) <= wait <= interval * (1 + jitter) + hair
