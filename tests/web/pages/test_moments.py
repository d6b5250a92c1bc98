from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.web.pages.moments import Moment, duration, moment, span
from tests.builders import T0, at


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-5, "0 s"), (0.9, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (7200, "2 h"), (7205, "2 h"), (100_000, "1 d 3 h")],
)
def test_span_is_its_two_largest_units(seconds: float, expected: str) -> None:
    """A span is told in two units that follow one another; a negative one is none."""
    assert expected == duration(seconds)


def test_moment_is_exact_and_relative() -> None:
    """A time is there for machines, exactly, and for reading."""
    assert Moment(iso="2026-11-21T18:00:00Z", exact="2026-11-21 18:00:00 UTC", ago="10 min") == moment(T0, at(10))


@pytest.mark.parametrize(("seconds", "expected"), [(59, "59 s"), (61, "1 min"), (3661, "1 h 1 min"), (-1, "0 s")])
def test_age_beyond_a_minute_has_no_seconds(seconds: float, expected: str) -> None:
    """How long ago something was is told in seconds only while it is fresh."""
    assert expected == moment(T0, at(seconds=seconds)).ago


def test_span_that_is_not_known() -> None:
    """What is not known has no words."""
    assert (None, "5 min") == (span(None), span(timedelta(minutes=5)))
