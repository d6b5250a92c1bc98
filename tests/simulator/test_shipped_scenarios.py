from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from monitor.simulator import FaultKind, Simulator, load_scenario, shipped_scenario
from tests.simulator.rig import START, Clock, client, post

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.simulator import Change

# AWS's lifecycle, written down once more from its guides, so that a mistake in the program's tables shows here.
MODEL_MOVES = """
    None TRAINING_IN_PROGRESS
    TRAINING_IN_PROGRESS TRAINING_COMPLETED
    TRAINING_IN_PROGRESS TRAINING_FAILED
    TRAINING_COMPLETED STARTING
    TRAINING_COMPLETED DELETING
    TRAINING_FAILED DELETING
    STARTING RUNNING
    STARTING FAILED
    RUNNING STOPPING
    RUNNING FAILED
    FAILED STARTING
    FAILED DELETING
    STOPPING STOPPED
    STOPPING FAILED
    STOPPED STARTING
    STOPPED DELETING
    None COPYING_IN_PROGRESS
    COPYING_IN_PROGRESS COPYING_COMPLETED
    COPYING_IN_PROGRESS COPYING_FAILED
    COPYING_COMPLETED STARTING
    COPYING_COMPLETED DELETING
    COPYING_FAILED DELETING
    DELETING None
"""
ADAPTER_MOVES = """
    None TRAINING_IN_PROGRESS
    TRAINING_IN_PROGRESS TRAINING_COMPLETED
    TRAINING_IN_PROGRESS TRAINING_FAILED
    TRAINING_COMPLETED DEPRECATED
    TRAINING_COMPLETED DELETING
    TRAINING_FAILED DELETING
    DEPRECATED EXPIRED
    DEPRECATED DELETING
    EXPIRED DELETING
    DELETING None
"""


def _documented(moves: str) -> set[tuple[str, str]]:
    return {(before, after) for before, after in (line.split() for line in moves.strip().splitlines())}


def _history(name: str, duration: timedelta) -> Iterator[Change]:
    """What happens after the beginning, at the scenario's own speed."""
    scenario, clock = load_scenario(shipped_scenario(name)), Clock()
    simulator = Simulator(scenario, clock=clock, speed=scenario.speed)
    clock.now += duration
    return (change for change in simulator.world.history if change.at > START)


def _moves(changes: Iterator[Change], *, adapters: bool) -> set[tuple[str, str]]:
    chosen = (change for change in changes if ("photo-moderation" in change.version_arn) is adapters)
    return {(str(change.before), str(change.after)) for change in chosen}


@pytest.mark.parametrize(("adapters", "documented"), [(False, MODEL_MOVES), (True, ADAPTER_MOVES)])
def test_a_life_of_everything_makes_every_documented_move(*, adapters: bool, documented: str) -> None:
    """Within a minute, those of both features, and no others."""
    changes = _history("life-of-everything", timedelta(minutes=1))

    assert _moves(changes, adapters=adapters) == _documented(documented)


def test_a_life_of_everything_meets_all_fourteen_statuses() -> None:
    """Within a minute."""
    changes = _history("life-of-everything", timedelta(minutes=1))

    assert {change.after for change in changes if change.after} == {
        "TRAINING_IN_PROGRESS",
        "TRAINING_COMPLETED",
        "TRAINING_FAILED",
        "STARTING",
        "RUNNING",
        "FAILED",
        "STOPPING",
        "STOPPED",
        "DELETING",
        "COPYING_IN_PROGRESS",
        "COPYING_COMPLETED",
        "COPYING_FAILED",
        "DEPRECATED",
        "EXPIRED",
    }


def test_a_life_of_everything_is_never_dull() -> None:
    """Something happens within five seconds, and then every few, for as long as one looks."""
    moments = [START, *(change.at for change in _history("life-of-everything", timedelta(minutes=10)))]

    assert max(later - earlier for earlier, later in pairwise(moments)) <= timedelta(seconds=5)


def test_a_life_of_everything_leaves_each_status_time_to_be_seen() -> None:
    """Two seconds at the least."""
    last: dict[str, Change] = {}
    stays = []
    for change in _history("life-of-everything", timedelta(minutes=10)):
        if change.version_arn in last:
            stays.append(change.at - last[change.version_arn].at)
        last[change.version_arn] = change

    assert min(stays) >= timedelta(seconds=2)


def test_a_model_of_life_of_everything_can_be_started_by_hand() -> None:
    """Its limits leave room, whatever runs already."""
    scenario, clock = load_scenario(shipped_scenario("life-of-everything")), Clock()
    with Simulator(scenario, clock=clock, speed=scenario.speed) as simulator:
        arn = simulator.world.put_version(scenario.project_arns[0], "mine", status="TRAINING_COMPLETED")
        clock.advance(seconds=40)
        client(simulator).start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
        clock.advance(seconds=5)
        found = simulator.world.version(arn)

    assert found is not None
    assert found[1].status == "RUNNING"


def test_a_quiet_fleet_is_quiet() -> None:
    """Fewer than one change an hour, and yet some, in two days."""
    changes = list(_history("quiet-fleet", timedelta(days=2)))

    assert 5 <= len(changes) <= 48


def test_a_bad_day_has_faults_of_every_kind() -> None:
    """None is forgotten."""
    kinds = {fault.kind for fault in load_scenario(shipped_scenario("bad-day")).faults}

    assert kinds == set(FaultKind)


def test_a_bad_day_has_a_listing_of_two_pages() -> None:
    """Else the faults of a second page would strike nobody."""
    scenario, clock = load_scenario(shipped_scenario("bad-day")), Clock()
    play = scenario.model_copy(update={"faults": ()})
    with Simulator(play, clock=clock, speed=scenario.speed) as simulator:
        clock.now += timedelta(minutes=17) / scenario.speed
        answer = post(simulator, "DescribeProjectVersions", {"ProjectArn": scenario.project_arns[1]}).document

    assert bool(answer["NextToken"]) is True
