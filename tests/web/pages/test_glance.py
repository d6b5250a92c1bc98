from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.domain.account import Place
from monitor.domain.standing import SinkState, Standing
from monitor.view import PlaceState, ProjectState
from monitor.web.pages.entries import entries_of
from monitor.web.pages.glance import FaultLine, Glance, SinkLine, glance
from monitor.web.pages.moments import moment
from tests.builders import T0, at, fault, project, project_arn
from tests.web.pages.fleets import of_statuses, one, state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def look(
    *states: ProjectState, sinks: Sequence[SinkState] | None = (), loops: Mapping[str, str | None] | None = None
) -> Glance:
    """The look ten minutes after the beginning."""
    faulty = [each for each in states if each.fault]
    return glance(entries_of(states), states, faulty=faulty, loops=loops or {}, sinks=sinks, now=at(10))


def sink(name: str, word: str, **standing: object) -> SinkState:
    """A sink that stands so."""
    return SinkState(name=name, type="webhook", state=word, standing=Standing(**standing))  # type: ignore[arg-type]


def test_counts_are_of_all_projects() -> None:
    """What runs, is under way and failed is counted over every project, units of what runs only."""
    told = look(
        of_statuses("a", "RUNNING", "RUNNING", "STOPPED"),
        of_statuses("b", "TRAINING_IN_PROGRESS", "FAILED", "EXPIRED"),
        ProjectState(project=project(project_arn("c"))),
    )
    assert (6, 3, 4, 2, 1, 2, 1) == (
        told.versions,
        told.projects,
        told.units,
        told.running.count,
        told.under_way.count,
        told.failed.count,
        told.health.unpolled,
    )


def test_card_has_the_latest_and_counts_the_rest() -> None:
    """A card shows the versions whose status is newest, and says how many more there are."""
    card = look(state("shop", *(one(f"v{each}", "RUNNING", minutes=each) for each in range(6)))).running
    assert (["v5", "v4", "v3", "v2"], 2) == ([row.name for row in card.rows], card.more)


def test_last_polls_are_the_newest_and_the_oldest() -> None:
    """The look says when the monitor last heard anything, and which silence is the longest."""
    health = look(state("a", last_success=at(9)), state("b", last_success=T0)).health
    assert (moment(at(9), at(10)), moment(T0, at(10)), True) == (health.last_poll, health.oldest_poll, health.well)


def test_fault_that_projects_share_is_one_line() -> None:
    """What is the same for several projects of an account and region is told once, with what to do."""
    states = [state(name, fault=fault(), failing_since=at(since)) for name, since in (("a", 5), ("b", 3))]
    health = look(*states, state("c", fault=fault(message="refused"), failing_since=at(4))).health
    assert (
        (
            FaultLine(
                where="2 projects in us-east-1, account 111122223333",
                what="timed_out: no answer in 20 s",
                hint="Check the network.",
                since=moment(at(3), at(10)),
            ),
            FaultLine(
                where="c in us-east-1, account 111122223333",
                what="timed_out: refused",
                hint="Check the network.",
                since=moment(at(4), at(10)),
            ),
        ),
        False,
    ) == (health.faults, health.well)


def test_sinks_that_need_somebody_are_told() -> None:
    """A sink that fails or is stopped is told; deliveries that wait and that are dead are counted over all."""
    health = look(
        sinks=[
            sink("log", "ok", pending=1),
            sink("ops", "failing", pending=3, dead=2, oldest=T0, last_error="503", failing=True),
            sink("old", "removed", dead=1),
        ]
    ).health
    lines = (SinkLine(name="ops", state="failing", pending=3, error="503", oldest=moment(T0, at(10))),)
    assert (lines, 4, 3, False) == (health.sinks, health.pending, health.given_up, health.well)


@pytest.mark.parametrize(
    ("loops", "sinks", "expected"),
    [
        ({"web": None}, (), ((), 0, True)),
        ({"polls": "no progress for 400 s", "web": None}, (), (("polls: no progress for 400 s",), 0, False)),
        ({}, None, ((), None, False)),
    ],
)
def test_monitor_is_well_or_not(
    loops: Mapping[str, str | None], sinks: Sequence[SinkState] | None, expected: tuple[object, ...]
) -> None:
    """It is well while its loops go on and its database answers."""
    health = look(loops=loops, sinks=sinks).health
    assert expected == (health.wrong, health.pending, health.well)


def test_a_list_of_projects_that_cannot_be_had_is_a_fault_too() -> None:
    """Of the account and region, which may have no project that is known."""
    place = Place(account="production", account_id="111122223333", region="us-east-1")
    failing = PlaceState(place=place, fault=fault(message="no"), failing_since=T0)
    found = glance((), (), faulty=[failing.as_project()], loops={}, sinks=(), now=at(10))
    where = "the list of projects in us-east-1, account production (111122223333)"
    assert [where] == [each.where for each in found.health.faults]
