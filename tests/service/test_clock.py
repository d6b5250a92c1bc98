"""monitor.service.clock"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.service.clock import ClockWatch

START = datetime(2026, 11, 21, 18, tzinfo=UTC)


class Hands:
    """A wall clock and a monotonic one that a test moves."""

    def __init__(self) -> None:
        self.wall = START
        self.ticks = 100.0

    def pass_time(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ticks += seconds


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_set_is_noticed_once(days: int) -> None:
    """A jump by a day either way is told at the next look, and not again."""
    hands = Hands()
    watch = ClockWatch(lambda: hands.wall, lambda: hands.ticks)
    hands.pass_time(1)
    hands.wall += timedelta(days=days)

    assert [timedelta(days=days), timedelta(0)] == [watch.jump(), watch.jump()]


def test_slewing_is_no_jump() -> None:
    """A clock that is brought right by less than a second at a time is left alone."""
    hands = Hands()
    watch = ClockWatch(lambda: hands.wall, lambda: hands.ticks)
    hands.pass_time(1)
    hands.wall -= timedelta(milliseconds=900)

    assert timedelta(0) == watch.jump()
