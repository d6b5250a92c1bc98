from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.seeing import Watch, looked, patience, up_to
from tests.builders import at

SEEN = Watch(began_at=at(0), ended_at=at(10))


@pytest.mark.parametrize(
    ("last", "minute", "expected"),
    [
        (None, 5, Watch(began_at=at(5), ended_at=at(5))),
        (SEEN, 12, Watch(began_at=at(0), ended_at=at(12))),
        (SEEN, 20, Watch(began_at=at(0), ended_at=at(20))),
        (SEEN, 20.1, Watch(began_at=at(20.1), ended_at=at(20.1))),
        (SEEN, 7, SEEN),
        (SEEN, -7, SEEN),
    ],
)
def test_a_look_belongs_to_a_span(last: Watch | None, minute: float, expected: Watch) -> None:
    """To the last one unless too much time has passed; a clock that went back ends nothing."""
    assert expected == looked(last, at(minute), timedelta(minutes=10))


@pytest.mark.parametrize(("seconds", "expected"), [(1, 10), (5, 10), (30, 60), (300, 600)])
def test_two_intervals_are_no_gap(seconds: int, expected: int) -> None:
    """And ten seconds never are."""
    assert timedelta(seconds=expected) == patience(timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("now", "expected"), [(5, (SEEN,)), (15, (Watch(began_at=at(0), ended_at=at(15)),)), (21, (SEEN,))]
)
def test_the_present_is_seen_while_the_next_look_is_not_overdue(now: float, expected: tuple[Watch, ...]) -> None:
    """Then it is a gap."""
    assert expected == up_to([SEEN], at(now), timedelta(minutes=10))


def test_what_was_never_seen_is_not_seen_now() -> None:
    """No span, no present."""
    assert () == up_to([], at(), timedelta(minutes=10))
