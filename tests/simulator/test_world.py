from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.simulator import Change, World
from monitor.simulator.plans import Step
from tests.simulator.rig import ADAPTERS, PROJECT, START, Clock

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    world = World(clock=clock)
    world.put_project(PROJECT)
    return world


def _minutes(*steps: tuple[float, str | None]) -> Sequence[Step]:
    """Steps by minutes and status; None for the deletion."""
    return [Step(after=timedelta(minutes=m), status=status, gone=status is None) for m, status in steps]


def _statuses(world: World, arn: str = PROJECT) -> list[tuple[str, str | None]]:
    project = world.project(arn)
    assert project is not None
    return [(version.name, version.status) for version in project.newest_first()]


def test_a_version_is_born_with_an_arn_a_time_and_its_projects_feature(world: World) -> None:
    """What is not given is what AWS would say."""
    arn = world.put_version(PROJECT, "1", status="TRAINING_IN_PROGRESS", status_message="The model is being trained.")

    found = world.version(arn)
    assert found is not None
    assert found[1].document == {
        "ProjectVersionArn": "arn:aws:rekognition:us-east-1:111122223333:project/my-project/version/1/1795284000000",
        "CreationTimestamp": 1795284000.0,
        "Feature": "CUSTOM_LABELS",
        "Status": "TRAINING_IN_PROGRESS",
        "StatusMessage": "The model is being trained.",
    }


def test_fields_can_be_left_out(world: World) -> None:
    """Every field of a version is optional."""
    arn = world.put_version(PROJECT, "1", status=None, creation_timestamp=None, feature=None)

    found = world.version(arn)
    assert found is not None
    assert found[1].document == {"ProjectVersionArn": arn}


def test_two_versions_of_the_same_moment_have_different_arns(world: World) -> None:
    """An ARN is never used again."""
    first = world.put_version(PROJECT, "1")
    world.remove_version(first)
    arns = [first, world.put_version(PROJECT, "1", creation_timestamp=START), world.put_version(PROJECT, "1")]

    assert [arn.rpartition("/")[2] for arn in arns] == ["1795284000000", "1795284000001", "1795284000002"]


def test_the_newest_version_comes_first(world: World, clock: Clock) -> None:
    """By creation, and in the same moment by the order of coming."""
    world.put_version(PROJECT, "old")
    clock.advance(hours=1)
    world.put_version(PROJECT, "new")
    world.put_version(PROJECT, "newer")

    assert [name for name, _ in _statuses(world)] == ["newer", "new", "old"]


def test_every_change_of_status_is_remembered(world: World, clock: Clock) -> None:
    """Coming and going too; a change of another field is none."""
    arn = world.put_version(PROJECT, "1", status="STOPPED")
    clock.advance(minutes=1)
    world.set_status(arn, "STARTING", min_inference_units=1)
    world.set_fields(arn, status_message="Soon")
    world.remove_version(arn)

    later = START + timedelta(minutes=1)
    assert world.history == (
        Change(START, arn, None, "STOPPED"),
        Change(later, arn, "STOPPED", "STARTING"),
        Change(later, arn, "STARTING", None),
    )


def test_only_the_last_changes_are_kept(clock: Clock) -> None:
    """A demonstration may run for days."""
    world = World(clock=clock, keep=1)
    world.put_project(PROJECT)
    arn = world.put_version(PROJECT, "1", status="STOPPED")
    world.set_status(arn, "STARTING")

    assert world.history == (Change(START, arn, "STOPPED", "STARTING"),)


def test_steps_happen_when_they_are_due(world: World, clock: Clock) -> None:
    """Each at its own moment, however late somebody looks."""
    arn = world.put_version(PROJECT, "1", status="STARTING")
    world.plan(PROJECT, "1", _minutes((10, "RUNNING"), (5, "STOPPING")), version_arn=arn)
    clock.advance(minutes=9)
    before = _statuses(world)
    clock.advance(hours=1)

    assert (before, world.history[1:]) == (
        [("1", "STARTING")],
        (
            Change(START + timedelta(minutes=10), arn, "STARTING", "RUNNING"),
            Change(START + timedelta(minutes=15), arn, "RUNNING", "STOPPING"),
        ),
    )


def test_advance_makes_happen_what_is_due_at_a_given_time(world: World) -> None:
    """Without the clock having moved."""
    world.plan(PROJECT, "1", _minutes((10, "TRAINING_IN_PROGRESS")))
    world.advance(START + timedelta(minutes=10))

    assert _statuses(world) == [("1", "TRAINING_IN_PROGRESS")]


def test_speed_divides_durations(clock: Clock) -> None:
    """At 60, thirty minutes pass in thirty seconds."""
    world = World(clock=clock, speed=60)
    world.put_project(PROJECT)
    world.plan(PROJECT, "1", _minutes((30, "TRAINING_IN_PROGRESS")))
    clock.advance(seconds=29)
    before = _statuses(world)
    clock.advance(seconds=1)

    assert (before, _statuses(world)) == ([], [("1", "TRAINING_IN_PROGRESS")])


def test_what_comes_again_has_the_same_name_and_another_arn(world: World, clock: Clock) -> None:
    """A repeated life is a new version each time."""
    world.plan(PROJECT, "1", _minutes((1, "TRAINING_IN_PROGRESS"), (1, "DELETING"), (1, None)), repeat=True)
    clock.advance(minutes=4)

    changes = world.history
    assert [(change.before, change.after) for change in changes] == [
        (None, "TRAINING_IN_PROGRESS"),
        ("TRAINING_IN_PROGRESS", "DELETING"),
        ("DELETING", None),
        (None, "TRAINING_IN_PROGRESS"),
    ]
    assert changes[0].version_arn != changes[3].version_arn


def test_a_repetition_that_takes_no_time_is_refused(world: World) -> None:
    """It would never end."""
    with pytest.raises(ValueError, match="the steps of 1 repeat without taking any time"):
        world.plan(PROJECT, "1", _minutes((0, "RUNNING"), (0, "STOPPED")), repeat=True)


def test_a_hand_on_a_version_ends_its_plan(world: World, clock: Clock) -> None:
    """Otherwise the plan would undo what the hand did."""
    arn = world.put_version(PROJECT, "1", status="STARTING")
    world.plan(PROJECT, "1", _minutes((10, "RUNNING")), version_arn=arn)
    world.set_status(arn, "FAILED")
    clock.advance(hours=1)

    assert _statuses(world) == [("1", "FAILED")]


def test_a_new_plan_replaces_the_old_one(world: World, clock: Clock) -> None:
    """One version, one plan."""
    arn = world.put_version(PROJECT, "1", status="STARTING")
    world.plan(PROJECT, "1", _minutes((10, "RUNNING")), version_arn=arn)
    world.plan(PROJECT, "1", _minutes((20, "FAILED")), version_arn=arn)
    clock.advance(hours=1)

    assert [change.after for change in world.history] == ["STARTING", "FAILED"]


def test_a_step_on_what_is_gone_needs_a_status_to_bring_it_back(world: World, clock: Clock) -> None:
    """A deletion of nothing, or a message to nobody, does nothing."""
    message = Step(after=timedelta(minutes=1), fields={"StatusMessage": "Hello"})
    world.plan(PROJECT, "1", [message, *_minutes((1, None))])
    clock.advance(hours=1)

    assert world.history == ()


def test_a_document_is_served_as_it_stands(world: World) -> None:
    """Whatever is in it."""
    document = {"ProjectVersionArn": "nonsense", "Status": 7, "Extra": [None]}
    key = world.put_document(PROJECT, document)

    found = world.version(key)
    assert found is not None
    assert (key, found[1].document) == ("nonsense", document)


def test_a_document_replaces_that_of_the_same_arn(world: World) -> None:
    """So that an answer can be brought up to date whole."""
    arn = world.put_version(PROJECT, "1", status="STOPPED")
    world.put_document(PROJECT, {"ProjectVersionArn": arn, "Status": "STARTING"})

    assert (_statuses(world), world.history[-1]) == (
        [("1", "STARTING")],
        Change(START, arn, "STOPPED", "STARTING"),
    )


def test_a_document_without_an_arn_gets_a_key(world: World) -> None:
    """So that it can be changed and taken away again."""
    key = world.put_document(PROJECT, {"Status": "RUNNING"})
    world.remove_version(key)

    assert _statuses(world) == []


def test_a_project_goes_with_its_versions_and_their_plans(world: World, clock: Clock) -> None:
    """What was planned finds nobody."""
    arn = world.put_version(PROJECT, "1", status="STARTING")
    world.plan(PROJECT, "1", _minutes((10, "RUNNING")), version_arn=arn)
    world.plan(PROJECT, "2", _minutes((10, "TRAINING_IN_PROGRESS")))
    world.remove_project(PROJECT)
    clock.advance(hours=1)

    assert (world.project(PROJECT), world.history) == (
        None,
        (Change(START, arn, None, "STARTING"), Change(START, arn, "STARTING", None)),
    )


def test_what_is_not_there_is_named(world: World) -> None:
    """For the writer of a test."""
    with pytest.raises(KeyError, match=r"no project .*my-adapters.*put_project\(\) adds one"):
        world.put_version(ADAPTERS, "1")
    with pytest.raises(KeyError, match="no version arn:nothing"):
        world.set_status("arn:nothing", "RUNNING")
