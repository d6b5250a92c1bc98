from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.step import Step
from monitor.domain.timeline import Mark, Span, Timeline
from monitor.web.pages.moments import moment
from monitor.web.pages.strips import Bar, Flag, Tick, note_of, strip
from tests.builders import T0, at

WINDOW = Timeline(
    since=at(-1440),
    until=T0,
    spans=(
        Span("RUNNING", at(-1440), at(-720)),
        Span(None, at(-720), at(-360)),
        Span("STOPPED", at(-360), at(-1)),
        Span("REFINING", at(-1), T0),
    ),
    marks=(
        Mark(
            at(-360),
            Step(
                position=1,
                after=at(-720),
                by=at(-360),
                before="RUNNING",
                status="STOPPED",
                move="skipped",
                via=("STOPPING",),
            ),
        ),
        Mark(at(-1), Step(position=2, after=at(-2), by=at(-1), before="STOPPED", status="REFINING", move="unexpected")),
        Mark(at(-1), Step(position=3, after=at(-2), by=at(-1), before="STOPPED", status="STARTING", move="direct")),
    ),
)


def test_bars_stand_where_their_time_is() -> None:
    """Each span has its place, its width, its colour and its words; a very short one can still be seen."""
    bars = strip(WINDOW, T0).bars
    assert [
        ("0.00%", "50.00%", "running", "RUNNING", "12 h"),
        ("50.00%", "25.00%", "gap", "not seen", "6 h"),
        ("75.00%", "24.93%", "idle", "STOPPED", "5 h 59 min"),
        ("99.93%", "0.15%", "odd", "REFINING", "1 min"),
    ] == [(bar.x, bar.width, bar.tone, bar.word, bar.lasted) for bar in bars]


def test_bar_says_what_it_is() -> None:
    """A bar has its status, how long it lasted, and both ends exactly."""
    assert (
        Bar(
            x="0.00%",
            width="50.00%",
            tone="running",
            word="RUNNING",
            title="RUNNING for 12 h, 2026-11-20 18:00:00 UTC to 2026-11-21 06:00:00 UTC",
            start=moment(at(-1440), T0),
            end=moment(at(-720), T0),
            lasted="12 h",
        )
        == strip(WINDOW, T0).bars[0]
    )


def test_transitions_that_were_not_seen_whole_are_marked() -> None:
    """A transition with skipped statuses and one that could not be expected have a mark, a direct one has none."""
    assert (
        Flag(x="75.00%", title="RUNNING to STOPPED: skipped STOPPING"),
        Flag(x="99.93%", title="STOPPED to REFINING: unexpected"),
    ) == strip(WINDOW, T0).flags


def test_summary_says_the_same_in_words() -> None:
    """The text in the place of the picture has every status with how long it lasted, and the marks."""
    assert (
        "RUNNING 12 h, not seen 6 h, STOPPED 5 h 59 min, REFINING 1 min, 2 skipped or unexpected transitions"
        == strip(WINDOW, T0).summary
    )


def test_nothing_known_is_said() -> None:
    """A timeline without spans says so."""
    assert "nothing known" == strip(Timeline(since=at(-1440), until=T0), T0).summary


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(hours=1), [("25.00%", "17:15"), ("50.00%", "17:30"), ("75.00%", "17:45")]),
        (timedelta(hours=24), [("25.00%", "00:00"), ("50.00%", "06:00"), ("75.00%", "12:00")]),
        (timedelta(days=7), [("3.57%", "15 Nov"), ("17.86%", "16 Nov"), ("32.14%", "17 Nov")]),
        (timedelta(days=30), [("20.83%", "29 Oct"), ("44.17%", "05 Nov"), ("67.50%", "12 Nov")]),
        (timedelta(days=2), []),
    ],
)
def test_axis_has_round_times(length: timedelta, expected: list[tuple[str, str]]) -> None:
    """The marks of the axis are at whole hours, or days, that read well; an odd length has none."""
    ticks = strip(Timeline(since=T0 - length, until=T0), T0).ticks
    assert tuple(Tick(x=x, word=word) for x, word in expected) == ticks[:3]


def test_note_of_a_direct_step_is_none() -> None:
    """Only what is odd about a step is said."""
    assert note_of(WINDOW.marks[2].step) is None
