"""monitor.service.clock"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.service.clock import SteadyClock

START = datetime(2026, 11, 21, 18, tzinfo=UTC)


class Hands:
    """A wall clock and a monotonic one that a test moves."""

    def __init__(self) -> None:
        self.wall = START
        self.ticks = 100.0

    def pass_time(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ticks += seconds


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def clock(hands: Hands) -> SteadyClock:
    return SteadyClock(lambda: hands.wall, lambda: hands.ticks)


@pytest.mark.parametrize("days", [-1, 1])
def test_it_goes_on_as_if_nobody_set_the_clock(hands: Hands, clock: SteadyClock, days: int) -> None:
    """Until it is told to follow, and says meanwhile by how much it should."""
    hands.pass_time(1)
    hands.wall += timedelta(days=days)
    hands.pass_time(1)
    steady = clock()
    jumps = clock.jump(), clock.jump()
    clock.follow()

    assert (START + timedelta(seconds=2), (timedelta(days=days),) * 2) == (steady, jumps)
    assert (hands.wall, timedelta(0)) == (clock(), clock.jump())


def test_slewing_is_no_jump(hands: Hands, clock: SteadyClock) -> None:
    """A clock that is brought right by less than a second at a time is followed in silence."""
    for _ in range(3):
        hands.pass_time(1)
        hands.wall -= timedelta(milliseconds=900)
        assert timedelta(0) == clock.jump()

    assert hands.wall == clock()
