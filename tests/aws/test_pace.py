from __future__ import annotations

from itertools import pairwise
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.aws.pace import FLOOR, JITTER, RECOVERY, Pace, closest

RATES = st.sampled_from([0.01, 0.1, 0.5, 0.9, 1, 1.5, 2, 2.5, 5, 10, 100]) | st.floats(0.01, 100)
ASKED = st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=60)
"""Seconds between one call's asking and the next one's, and whether AWS throttles the call."""


def sent(most: float, asked: list[tuple[float, bool]]) -> list[float]:
    """When calls that are asked for so are sent."""
    pace = Pace(most=most)
    now = 0.0
    times = []
    for wait, throttled in asked:
        now = pace.start(now + wait)
        pace = pace.sent(now)
        times.append(now)
        if throttled:
            pace = pace.throttled(now, sent_at=now)
    return times


@given(RATES.filter(lambda rate: rate >= 1), ASKED)
def test_no_second_holds_more_calls_than_the_rate(most: float, asked: list[tuple[float, bool]]) -> None:
    """Any second has at most as many calls as the rate has whole ones, even when they come late by the jitter."""
    times = sent(most, asked)

    fullest = max((sum(time <= other < time + 1 + JITTER * 0.99 for other in times) for time in times), default=0)

    assert fullest <= floor(most)


@given(RATES.filter(lambda rate: rate < 1), ASKED)
def test_a_rate_below_one_spaces_single_calls(most: float, asked: list[tuple[float, bool]]) -> None:
    """Below one call a second, each period of 1 / rate seconds holds one call."""
    times = sent(most, asked)

    assert all(later - earlier > 1 / most for earlier, later in pairwise(times))


@given(RATES, ASKED)
def test_the_rate_stays_within_its_bounds(most: float, asked: list[tuple[float, bool]]) -> None:
    """However often AWS throttles, the rate is neither above what is allowed nor below the floor."""
    pace = Pace(most=most)
    now = 0.0
    for wait, throttled in asked:
        now = pace.start(now + wait)
        pace = pace.sent(now)
        if throttled:
            pace = pace.throttled(now, sent_at=now)

        assert most * FLOOR <= pace.rate(now) <= most


@pytest.mark.parametrize(
    ("most", "seconds"), [(1, 1.1), (5, 0.22), (0.5, 2.1), (2.5, 0.55), (0.01, 100.1), (100, 0.011)]
)
def test_the_space_between_two_calls(most: float, seconds: float) -> None:
    """A tenth of a second is left over in each period for calls that arrive late; a fraction above one is lost."""
    assert seconds == pytest.approx(closest(most))


def test_the_first_call_goes_at_once() -> None:
    """Nothing has to be waited for before the first call."""
    assert Pace(most=1).start(123.0) == 123.0


def test_a_call_that_went_late_delays_the_next() -> None:
    """The space counts from when a call really went, not from when it might have."""
    assert Pace(most=1).sent(10.0).sent(15.0).start(15.5) == pytest.approx(16.1)


def test_throttling_halves_the_rate() -> None:
    """One answer of throttling takes half of the rate."""
    assert Pace(most=4).sent(1.0).throttled(2.0, sent_at=1.0).rate(2.0) == 2.0


def test_throttling_halves_the_rate_once_for_calls_under_way_together() -> None:
    """Calls that were sent before the rate was halved tell nothing about the new rate."""
    pace = Pace(most=4).sent(1.0).sent(1.5).sent(2.0)

    pace = pace.throttled(2.5, sent_at=1.0).throttled(2.6, sent_at=1.5).throttled(2.7, sent_at=2.0)

    assert pace == Pace(most=4, last=2.0, slowed_at=2.5, slowed_to=2.0)


def test_throttling_of_a_later_call_halves_the_rate_again() -> None:
    """A call that was sent at the halved rate and throttled nevertheless halves it again."""
    pace = Pace(most=4).throttled(2.0, sent_at=1.0).throttled(3.0, sent_at=2.5)

    assert pace.rate(3.0) == pytest.approx(1.0, rel=0.01)


def test_the_rate_is_won_back_steadily() -> None:
    """What throttling halved is doubled in `RECOVERY`, up to the whole."""
    pace = Pace(most=4).throttled(0.0, sent_at=-1.0).throttled(0.0, sent_at=1.0)

    rates = [pace.rate(RECOVERY * share) for share in (0, 0.5, 1, 2, 9)]

    assert rates == pytest.approx([1.0, 2**0.5, 2.0, 4.0, 4.0])


def test_a_halved_rate_doubles_the_space() -> None:
    """The next call waits for the rate that is in force when it asks."""
    pace = Pace(most=1).sent(10.0).throttled(10.0, sent_at=10.0)

    assert pace.start(10.0) == 12.0
