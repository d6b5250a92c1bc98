from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.severity import Severity
from monitor.domain.status import parse_status
from monitor.view import ProjectState
from monitor.web.overview import MOST_VERSIONS, EventRow, Moment, Overview, duration, moment, overview, tone
from tests.builders import T0, at, fault, project, project_arn, snapshot, tracked, version, version_arn
from tests.web.serving import message


def page(*states: ProjectState) -> Overview:
    """The page about these states."""
    return overview(states, health={}, events=(), now=at(10), version="1.2.3")


def state(name: str, *words: str, **fields: object) -> ProjectState:
    """A project with a version in each of these statuses."""
    arn = project_arn(name)
    items = [
        tracked(version(arn=version_arn(f"v{index}", of=arn, created_ms=index), status=word, min_inference_units=2))
        for index, word in enumerate(words)
    ]
    return ProjectState(project=project(arn), snapshot=snapshot(*items, arn=arn), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-5, "0 s"), (0.9, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (7200, "2 h"), (7205, "2 h"), (100_000, "1 d 3 h")],
)
def test_span_is_its_two_largest_units(seconds: float, expected: str) -> None:
    """A span is told in two units that follow one another; a negative one is none."""
    assert expected == duration(seconds)


def test_moment_is_exact_and_relative() -> None:
    """A time is there for machines, for a pointer and for reading."""
    assert Moment(iso="2026-11-21T18:00:00Z", exact="2026-11-21 18:00:00 UTC", ago="10 min") == moment(T0, at(10))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("RUNNING", "running"),
        ("STARTING", "busy"),
        ("DELETING", "busy"),
        ("FAILED", "bad"),
        ("EXPIRED", "bad"),
        ("COPYING_FAILED", "bad"),
        ("DEPRECATED", "odd"),
        ("REFINING", "odd"),
        ("STOPPED", "idle"),
        ("TRAINING_COMPLETED", "idle"),
    ],
)
def test_tone_follows_the_status(word: str, expected: str) -> None:
    """Every status has a colour by what it means."""
    assert expected == tone(parse_status(word))


def test_counts_are_of_all_projects() -> None:
    """What runs, trains and failed is counted over every project, units of what runs only."""
    told = page(
        state("a", "RUNNING", "RUNNING", "STOPPED"),
        state("b", "TRAINING_IN_PROGRESS", "FAILED", "EXPIRED", fault=fault()),
        ProjectState(project=project(project_arn("c"))),
    )
    assert (3, 6, 2, 4, 1, 2, 1, 1) == (
        told.projects,
        told.versions,
        told.running,
        told.units,
        told.under_way,
        told.failed,
        told.unreachable,
        told.waiting,
    )


def test_projects_that_fail_come_first() -> None:
    """A project that cannot be polled is at the top, the others follow by name."""
    told = page(state("b"), state("c", fault=fault()), state("a"))
    assert ["c", "a", "b"] == [block.name for block in told.blocks]


def test_more_versions_than_there_is_room_for_are_counted() -> None:
    """The page ends somewhere, and says how many versions are left out; a project that fails is named even so."""
    told = page(state("a", *["STOPPED"] * (MOST_VERSIONS + 3)), state("b", "STOPPED"), state("z", fault=fault()))
    assert (["z", "a"], 5) == ([block.name for block in told.blocks], told.hidden)


def test_fault_is_told_with_its_hint() -> None:
    """A fault has its reason, message, hint and since when it lasts."""
    block = page(state("a", fault=fault(), failing_since=at(5), interval=timedelta(minutes=5))).blocks[0]
    assert ("timed_out: no answer in 20 s", "Check the network.", moment(at(5), at(10)), "5 min") == (
        block.fault,
        block.hint,
        block.failing_since,
        block.interval,
    )


@pytest.mark.parametrize(
    ("least", "most", "expected"), [(None, None, ""), (1, None, "1"), (None, 4, "4"), (2, 2, "2"), (1, 4, "1 to 4")]
)
def test_units_are_a_number_or_a_range(least: int | None, most: int | None, expected: str) -> None:
    """Inference units are a range where the version scales."""
    one = tracked(version(min_inference_units=least, max_inference_units=most))
    told = page(ProjectState(project=project(), snapshot=snapshot(one)))
    assert expected == told.blocks[0].versions[0].units


def test_loops_that_stand_still_are_named() -> None:
    """Only the loops with something wrong are told."""
    told = overview((), health={"polls": "no progress for 400 s", "web": None}, events=(), now=T0, version="1")
    assert ("polls: no progress for 400 s",) == told.wrong


def test_events_are_told_by_their_summary() -> None:
    """An event is its time, severity and summary."""
    told = overview((), health={}, events=[message(severity=Severity.CRITICAL, summary="gone")], now=at(1), version="1")
    assert (EventRow(time=moment(T0, at(1)), severity="critical", summary="gone"),) == told.events
