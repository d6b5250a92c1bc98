from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.domain.seeing import Watch
from monitor.domain.step import Step
from monitor.domain.timeline import Life, Mark, Span, Timeline, make_timeline
from tests.builders import at, tracked, version

MINUTE = timedelta(minutes=1)
ALWAYS = (Watch(began_at=at(-60), ended_at=at(600)),)


def moved(position: int, before: str, status: str, after: float, by: float, **fields: Any) -> Step:
    """A move seen between two minutes."""
    known: dict[str, Any] = {"since": at(by), "move": "direct", **fields}
    return Step(position=position, after=at(after), by=at(by), before=before, status=status, **known)


def spans(life: Life, since: float = 0, until: float = 60) -> list[tuple[str | None, float, float]]:
    """The spans, in minutes."""
    made = make_timeline(life, at(since), at(until)).spans
    return [(span.status, (span.start - at()) / MINUTE, (span.end - at()) / MINUTE) for span in made]


def test_a_status_lasts_until_the_next() -> None:
    """From the baseline on, through each move, to the present."""
    steps = (moved(1, "STOPPED", "STARTING", 9, 10), moved(2, "STARTING", "RUNNING", 19, 20))
    life = Life(steps=steps, tracked=tracked(version(status="RUNNING"), since=at(20)), watches=ALWAYS)
    expected = Timeline(
        since=at(0),
        until=at(60),
        spans=(
            Span("STOPPED", at(0), at(10)),
            Span("STARTING", at(10), at(20)),
            Span("RUNNING", at(20), at(60)),
        ),
        marks=(Mark(at(10), steps[0]), Mark(at(20), steps[1])),
    )
    assert expected == make_timeline(life, at(0), at(60))


def test_nothing_happened() -> None:
    """The present status since it was first seen; what it was before is not known."""
    life = Life(tracked=tracked(since=at(15), at_least=True), created_at=at(-900), watches=ALWAYS)
    assert [(None, 0, 15), ("STOPPED", 15, 60)] == spans(life)


def test_nobody_looked() -> None:
    """While the monitor was down there is a gap, though the status was the same before and after."""
    watches = (Watch(began_at=at(0), ended_at=at(20)), Watch(began_at=at(40), ended_at=at(60)))
    life = Life(tracked=tracked(since=at(-5)), watches=watches)
    assert [("STOPPED", 0, 20), (None, 20, 40), ("STOPPED", 40, 60)] == spans(life)


def test_changed_while_nobody_looked() -> None:
    """The old status until it was last seen, the new one from when it was first seen."""
    watches = (Watch(began_at=at(0), ended_at=at(20)), Watch(began_at=at(40), ended_at=at(60)))
    steps = (moved(1, "STOPPED", "RUNNING", 20, 40, move="skipped", via=("STARTING",)),)
    life = Life(steps=steps, tracked=tracked(version(status="RUNNING"), since=at(40)), watches=watches)
    assert [("STOPPED", 0, 20), (None, 20, 40), ("RUNNING", 40, 60)] == spans(life)


def test_aws_dates_the_end_of_a_training() -> None:
    """Where it lies in the window of the move it is the moment, and what lies around it is no gap."""
    watches = (Watch(began_at=at(0), ended_at=at(20)), Watch(began_at=at(40), ended_at=at(60)))
    steps = (
        Step(position=1, after=at(4), by=at(5), before=None, status="TRAINING_IN_PROGRESS", since=at(4)),
        moved(2, "TRAINING_IN_PROGRESS", "TRAINING_COMPLETED", 20, 40, since=at(30)),
    )
    life = Life(
        created_at=at(4),
        steps=steps,
        tracked=tracked(version(status="TRAINING_COMPLETED"), since=at(30)),
        watches=watches,
    )
    assert [("TRAINING_IN_PROGRESS", 4, 30), ("TRAINING_COMPLETED", 30, 60)] == spans(life)


def test_aws_dates_what_was_before_the_first_look() -> None:
    """A training that ended before the monitor came is known to have ended then."""
    life = Life(
        created_at=at(-90),
        tracked=tracked(version(status="TRAINING_COMPLETED"), since=at(10)),
        watches=(Watch(began_at=at(30), ended_at=at(60)),),
    )
    assert [(None, 0, 10), ("TRAINING_COMPLETED", 10, 60)] == spans(life)


def test_a_version_begins_and_ends() -> None:
    """Before its creation and after it was last seen there is nothing, though it was told to be gone only later."""
    steps = (
        Step(position=1, after=at(9), by=at(10), before=None, status="STOPPED", since=at(10)),
        Step(position=2, after=at(40), by=at(50), before="STOPPED", status=None),
    )
    life = Life(created_at=at(8), steps=steps, watches=ALWAYS)
    marks = [mark.at for mark in make_timeline(life, at(0), at(60)).marks]
    assert ([(None, 8, 10), ("STOPPED", 10, 40)], [at(10), at(50)]) == (spans(life), marks)


def test_only_the_end_is_stored() -> None:
    """What it was until then is known, from the beginning of the time in which it was seen."""
    steps = (Step(position=2, after=at(40), by=at(50), before="RUNNING", status=None),)
    assert [("RUNNING", 0, 40)] == spans(Life(created_at=at(-900), steps=steps, watches=ALWAYS))


def test_older_steps_were_pruned() -> None:
    """The first step that is left says what was before it."""
    life = Life(
        created_at=at(-900),
        steps=(moved(7, "RUNNING", "STOPPING", 29, 30),),
        tracked=tracked(version(status="STOPPING"), since=at(30)),
        watches=ALWAYS,
    )
    assert [("RUNNING", 0, 30), ("STOPPING", 30, 60)] == spans(life)


def test_a_window_of_the_past() -> None:
    """What happened after it tells what was in it, and is not in it."""
    steps = (moved(1, "STOPPED", "STARTING", 9, 10), moved(2, "STARTING", "RUNNING", 99, 100))
    life = Life(steps=steps, tracked=tracked(version(status="RUNNING"), since=at(100)), watches=ALWAYS)
    past = make_timeline(life, at(5), at(50))
    assert ([("STOPPED", 5, 10), ("STARTING", 10, 50)], (Mark(at(10), steps[0]),)) == (spans(life, 5, 50), past.marks)


def test_a_step_that_was_not_told() -> None:
    """Two steps that do not fit together leave a gap between them."""
    steps = (moved(1, "STOPPED", "STARTING", 9, 10), moved(2, "RUNNING", "STOPPING", 29, 30))
    life = Life(steps=steps, tracked=tracked(version(status="STOPPED"), since=at(45)), watches=ALWAYS)
    assert [("STOPPED", 0, 10), (None, 10, 45), ("STOPPED", 45, 60)] == spans(life)


def test_nothing_is_known_at_all() -> None:
    """A version that was created and never looked at is one gap."""
    life = Life(created_at=at(10), tracked=tracked(since=at(60)))
    assert [(None, 10, 60)] == spans(life)


def test_a_version_that_is_younger_than_the_window_ends() -> None:
    """There is nothing to draw."""
    assert [] == spans(Life(created_at=at(90), tracked=tracked(since=at(90)), watches=ALWAYS))


def test_which_status_it_was_then() -> None:
    """The span at a time says it; outside of all there is none."""
    life = Life(created_at=at(5), tracked=tracked(since=at(10)), watches=ALWAYS)
    made = make_timeline(life, at(0), at(60))
    assert [None, None, "STOPPED", "STOPPED", None] == [made.status_at(at(minute)) for minute in (0, 6, 10, 59, 60)]


def test_a_window_has_a_length() -> None:
    """Or there is nothing to make."""
    with pytest.raises(ValueError, match="has no length"):
        make_timeline(Life(), at(1), at(1))


def test_a_time_that_was_seen_twice_is_seen_once() -> None:
    """A watch that lies within another one, as two processes write them, adds nothing."""
    whole = (Watch(began_at=at(0), ended_at=at(60)), Watch(began_at=at(10), ended_at=at(20)))
    life = Life(tracked=tracked(version("v", "RUNNING"), since=at(0)), watches=whole)
    assert [("RUNNING", 0.0, 60.0)] == spans(life)


def test_what_a_clock_that_was_put_back_lays_over_an_earlier_time_is_left_out() -> None:
    """A time has one status: the one that came first in the history."""
    steps = (
        moved(1, "STOPPED", "STARTING", 0, 1),
        moved(2, "STARTING", "RUNNING", 9, 10),
        moved(3, "RUNNING", "STOPPING", 5, 6),
        moved(4, "STOPPING", "STOPPED", 7, 8),
    )
    life = Life(created_at=at(0), steps=steps, tracked=tracked(version("v", "STOPPED"), since=at(8)), watches=ALWAYS)
    assert [("STOPPED", 0.0, 1.0), ("STARTING", 1.0, 10.0), ("STOPPED", 10.0, 60.0)] == spans(life)
