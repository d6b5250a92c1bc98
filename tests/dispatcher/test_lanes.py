from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.dispatcher.lanes import Lanes, Parcel
from monitor.dispatcher.moment import Moment
from tests.fakes_outbox import NOON, a_message, an_event

if TYPE_CHECKING:
    from collections.abc import Iterable


def parcels(*told: str) -> list[Parcel]:
    """By the version's name, in this order."""
    return [
        Parcel(a_message(an_event(version), position), (), Moment(NOON, 0.0))
        for position, version in enumerate(told, 1)
    ]


def names(taken: Iterable[Parcel]) -> list[int]:
    return [parcel.message.position for parcel in taken]


def test_only_the_first_of_each_lane_goes() -> None:
    """However much is asked for."""
    lanes = Lanes()
    lanes.load(parcels("a", "a", "b"))
    assert ([1, 3], []) == (names(lanes.take(9)), lanes.take(9))


def test_the_next_goes_when_the_first_was_accepted() -> None:
    """Behind the others that wait for longer."""
    lanes = Lanes()
    first, second, other = parcels("a", "a", "b")
    lanes.load([first, second, other])
    lanes.take(1)
    lanes.back(first, accepted=True)
    assert [3, 2] == names(lanes.take(2))


def test_a_refusal_lets_go_of_its_lane_alone() -> None:
    """The outbox says when the rest goes on."""
    lanes = Lanes()
    first, second, other = parcels("a", "a", "b")
    lanes.load([first, second, other])
    lanes.take(1)
    lanes.back(first, accepted=False)
    assert ([3], 1) == (names(lanes.take(9)), lanes.size)


def test_what_is_out_comes_back_when_the_rest_was_let_go_of() -> None:
    """A sink that rests finishes its calls."""
    lanes = Lanes()
    first, second = parcels("a", "a")
    lanes.load([first, second])
    lanes.take(1)
    lanes.empty()
    lanes.back(first, accepted=True)
    assert (0, set(), False) == (lanes.size, lanes.subjects, lanes.ready)


def test_a_subject_is_in_hand_while_anything_of_it_is() -> None:
    """Waiting or out."""
    lanes = Lanes()
    (only,) = parcels("a")
    lanes.load([only])
    before = set(lanes.subjects)
    lanes.take(1)
    during = set(lanes.subjects)
    lanes.back(only, accepted=True)
    assert ({only.subject}, {only.subject}, set()) == (before, during, set(lanes.subjects))
