from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.cli.text import count, moment, score, since, span, training_time, units
from monitor.domain.text import visible
from tests.builders import T0, at, tracked, version


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (timedelta(seconds=-5), "0s"),
        (timedelta(0), "0s"),
        (timedelta(seconds=59, milliseconds=999), "59s"),
        (timedelta(minutes=1), "1m"),
        (timedelta(minutes=12, seconds=5), "12m 5s"),
        (timedelta(hours=3, seconds=59), "3h"),
        (timedelta(days=40, hours=4, minutes=59), "40d 4h"),
    ],
)
def test_a_span_is_its_two_largest_units(duration: timedelta, expected: str) -> None:
    """What is left is cut off, and nothing is negative."""
    assert span(duration) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trained ✓ für 東京", "trained ✓ für 東京"),
        ("two\nlines\t", "two\\nlines\\t"),
        ("\x1b[31mred\x9b", "\\x1b[31mred\\x9b"),
        ("right\u202eleft", "right\\u202eleft"),
        ("half \ud83d", "half \\ud83d"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_an_escape(text: str, expected: str) -> None:
    """Nothing moves a cursor, sets a colour, ends a line, turns the direction or cannot be encoded."""
    assert visible(text) == expected


def test_a_moment_is_told_to_the_second() -> None:
    """In UTC, as the events have it."""
    assert moment(datetime(2026, 11, 21, 18, 0, 5, 999_999, tzinfo=UTC)) == "2026-11-21T18:00:05Z"


def test_since_is_relative() -> None:
    """How long the status has lasted by now."""
    assert since(tracked(since=T0), at(90)) == "1h 30m"


def test_since_says_that_it_may_be_longer() -> None:
    """A status that was there at the baseline began before."""
    assert since(tracked(since=T0, at_least=True), at(90)) == "≥ 1h 30m"


def test_a_score_has_three_digits() -> None:
    """Enough to compare two trainings by."""
    assert (score(version(f1_score=0.87654)), score(version())) == ("0.877", "-")


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(None, None, "-"), (2, None, "2"), (None, 4, "4"), (2, 2, "2"), (1, 4, "1-4")]
)
def test_units_are_one_number_or_a_range(low: int | None, high: int | None, expected: str) -> None:
    """AWS gives both, one or none."""
    assert units(version(min_inference_units=low, max_inference_units=high)) == expected


def test_training_time_is_the_billable_one() -> None:
    """What was paid for, where AWS says it."""
    told = training_time(version(billable_training_time_in_seconds=5400)), training_time(version())
    assert told == ("1h 30m", "-")


def test_counts_know_their_plural() -> None:
    """Also an irregular one."""
    assert [count(1, "event"), count(0, "event"), count(2, "delivery/deliveries"), count(1, "delivery/deliveries")] == [
        "1 event",
        "0 events",
        "2 deliveries",
        "1 delivery",
    ]
