from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.retry import GiveUp, RetryAt, RetryPolicy, after_failure
from tests.builders import T0, at

POLICY = RetryPolicy(base=timedelta(seconds=1), cap=timedelta(minutes=5), max_attempts=20, max_age=timedelta(hours=1))
CHANCES = st.floats(0, 1)


def outcome(**differing: Any) -> RetryAt | GiveUp:
    """What becomes of a first attempt that failed one minute after the event was stored, but for what differs."""
    ordinary: dict[str, Any] = {"attempts": 1, "stored_at": at(-1), "now": T0, "chance": 1.0}
    return after_failure(POLICY, **ordinary | differing)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (19, 300)])
def test_the_longest_wait_doubles_up_to_the_cap(attempts: int, seconds: int) -> None:
    """With the worst of luck the waits are 1, 2, 4 ... seconds and then five minutes."""
    assert outcome(attempts=attempts) == RetryAt(at(seconds=seconds))


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 0), (0.25, 2), (1.0, 8)])
def test_the_wait_is_drawn_from_nothing_up(chance: float, seconds: float) -> None:
    """Deliveries that failed together come back apart."""
    assert outcome(attempts=4, chance=chance) == RetryAt(at(seconds=seconds))


def test_a_refusal_for_good_is_not_tried_again() -> None:
    """What cannot help is not done, at the first attempt already."""
    assert outcome(permanent=True) == GiveUp("refused for good")


@pytest.mark.parametrize("attempts", [20, 21])
def test_enough_attempts_are_enough(attempts: int) -> None:
    """The last attempt that is allowed is the last."""
    assert outcome(attempts=attempts) == GiveUp(f"given up after {attempts} attempts")


def test_what_is_too_old_is_given_up() -> None:
    """An event that nobody took in time is news no longer."""
    assert outcome(stored_at=at(-60)) == GiveUp("given up at the age of 1:00:00")


def test_a_clock_that_went_back_makes_nothing_old() -> None:
    """An event stored in the future is tried again like any other."""
    assert outcome(stored_at=at(60)) == RetryAt(at(seconds=1))


@pytest.mark.parametrize(("asked", "seconds"), [(None, 1), (0.0, 1), (0.5, 1), (-5.0, 1), (90.0, 90)])
def test_the_far_end_s_wish_is_a_lower_bound(asked: float | None, seconds: float) -> None:
    """Where the far end asks for more time it gets it; it cannot ask for less."""
    assert outcome(retry_after=asked) == RetryAt(at(seconds=seconds))


@pytest.mark.parametrize("asked", [3600.0, 1e18, float("inf"), float("nan")])
def test_an_absurd_wish_lasts_no_longer_than_the_delivery_may(asked: float) -> None:
    """A far end that asks for centuries neither stops the sink nor keeps a delivery beyond its age."""
    assert outcome(retry_after=asked) == RetryAt(at(60))


@given(st.integers(1, 19), CHANCES, st.none() | st.floats(0, 3600))
def test_a_wait_is_never_shorter_than_asked_nor_longer_than_needed(
    attempts: int, chance: float, asked: float | None
) -> None:
    """Every wait lies between what the far end asks for and the greater of that and the cap."""
    result = outcome(attempts=attempts, chance=chance, retry_after=asked)
    least = timedelta(seconds=asked or 0)

    assert isinstance(result, RetryAt)
    assert least <= result.at - T0 <= max(least, POLICY.cap)


@given(st.integers(1, 10_000), CHANCES, st.timedeltas(timedelta(days=-9), timedelta(days=9)), st.booleans())
def test_a_delivery_is_tried_exactly_while_it_may_be(
    attempts: int,
    chance: float,
    age: timedelta,
    permanent: bool,  # noqa: FBT001 - drawn
) -> None:
    """A delivery that is not refused for good, young and tried seldom enough goes on; any other is dead."""
    result = outcome(attempts=attempts, chance=chance, stored_at=T0 - age, permanent=permanent)

    assert isinstance(result, RetryAt) == (not permanent and attempts < 20 and age < timedelta(hours=1))
