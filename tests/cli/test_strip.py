from __future__ import annotations

from datetime import timedelta
from typing import Any

from monitor.cli.strip import PLAIN, UNSEEN, Lane, Marks, axis, lanes
from monitor.domain.step import Step
from monitor.domain.timeline import Mark, Span, Timeline
from tests.builders import at


def _timeline(*spans: Span, marks: tuple[Mark, ...] = (), minutes: float = 60) -> Timeline:
    return Timeline(since=at(0), until=at(minutes), spans=spans, marks=marks)


def _step(minutes: float, *via: str) -> Mark:
    moved: dict[str, Any] = {"position": 1, "before": "STOPPED", "status": "RUNNING", "move": "skipped", "via": via}
    return Mark(at(minutes), Step(after=at(minutes - 1), by=at(minutes), **moved))


def test_each_status_has_a_line() -> None:
    """In the order in which they came, each as long as it lasted; the gaps stand last."""
    drawn = lanes(
        _timeline(Span("STOPPED", at(0), at(20)), Span(None, at(20), at(40)), Span("RUNNING", at(40), at(60))),
        6,
        PLAIN,
    )
    assert drawn == [Lane("STOPPED", "##    "), Lane("RUNNING", "    ##"), Lane(UNSEEN, "  ..  ")]


def test_what_lasted_a_moment_is_not_lost() -> None:
    """It fills the column that it is in, as does what came before and after."""
    moments = (Span("STOPPED", at(0), at(31)), Span("STARTING", at(31), at(32)), Span("RUNNING", at(32), at(60)))
    assert lanes(_timeline(*moments), 6, PLAIN) == [
        Lane("STOPPED", "####  "),
        Lane("STARTING", "   #  "),
        Lane("RUNNING", "   ###"),
    ]


def test_a_status_that_was_skipped_is_marked_so() -> None:
    """Where it was passed through, unless it is there for longer."""
    spans = (Span("STOPPED", at(0), at(30)), Span("RUNNING", at(30), at(60)))
    assert lanes(_timeline(*spans, marks=(_step(30, "STARTING"),)), 6, Marks()) == [
        Lane("STOPPED", "███   "),
        Lane("RUNNING", "   ███"),
        Lane("STARTING", "   »  "),
    ]


def test_the_end_of_the_window_is_in_its_last_column() -> None:
    """A move at the last moment has no column of its own."""
    assert lanes(_timeline(marks=(_step(60, "STARTING"),)), 6, PLAIN) == [Lane("STARTING", "     >")]


def test_times_stand_below_their_columns() -> None:
    """Hours of a day, days of more."""
    day, week = timedelta(days=1) / timedelta(minutes=1), timedelta(days=7) / timedelta(minutes=1)
    assert (axis(_timeline(minutes=day), 36), axis(_timeline(minutes=week), 24)) == (
        "18:00       02:00       10:00",
        "Nov 21      Nov 25",
    )


def test_an_encoding_may_lack_the_blocks() -> None:
    """Then plain signs stand in."""
    assert [Marks().fit(name) for name in ("utf-8", "ascii", "iso8859-1")] == [True, False, False]
