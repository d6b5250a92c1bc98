from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.simulator.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"), [("500ms", 0.5), ("30s", 30), ("1.5s", 1.5), ("5m", 300), ("1h", 3600), ("90d", 7776000)]
)
def test_a_duration_has_a_number_and_a_unit(text: str, seconds: float) -> None:
    """All five units are understood."""
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "5", 5, "5 m", "-5m", "1h30m", None])
def test_anything_else_is_refused_with_an_example(value: object) -> None:
    """A bare number has no unit, so it is not guessed."""
    with pytest.raises(ValueError, match="is not a duration; write it like 500ms, 30s, 5m, 1h or 90d"):
        parse_duration(value)
