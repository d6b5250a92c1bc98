from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.duration import format_duration, parse_duration, read_duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30s", timedelta(seconds=30)),
        ("5m", timedelta(minutes=5)),
        ("1h", timedelta(hours=1)),
        ("90d", timedelta(days=90)),
        ("999999999d", timedelta(days=999999999)),
    ],
)
def test_units(text: str, expected: timedelta) -> None:
    """A whole number and one of four units."""
    assert expected == parse_duration(text)


@pytest.mark.parametrize(
    "text", ["", "5", "m", "5 m", "-5m", "+5m", "1.5h", "5M", "5w", "5m ", "٣m", "1000000000d", "5m\n"]
)
def test_other_texts_are_refused(text: str) -> None:
    """Nothing that one could read in two ways."""
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


def test_two_units_are_refused_with_one() -> None:
    """The message does the sum."""
    with pytest.raises(ValueError, match="has more than one unit: write 90m"):
        parse_duration("1h30m")


@pytest.mark.parametrize("value", [None, True, 1.5, [], -1, 10**9])
def test_other_values_are_refused(value: object) -> None:
    """Only texts, and numbers that a unit would make right, have a message of their own."""
    with pytest.raises(ValueError, match="is not a duration"):
        read_duration(value)


@given(st.integers(min_value=0, max_value=10**8))
def test_what_is_written_is_read_back(seconds: int) -> None:
    """`format_duration` writes what `parse_duration` reads."""
    duration = timedelta(seconds=seconds)
    assert duration == parse_duration(format_duration(duration))
