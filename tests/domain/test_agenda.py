"""monitor.domain.agenda"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from monitor.domain.agenda import PATIENCE, Agenda
from monitor.domain.project import endpoint_of
from tests.builders import at, project_arn

SOON, SELDOM = timedelta(seconds=30), timedelta(minutes=5)
SECOND = timedelta(seconds=1)
A, B, C = (project_arn(name) for name in "abc")
ABROAD = project_arn("a", region="eu-west-1")


@dataclass
class Purse:
    """Pays so many polls of each account and region; asked again for more in a second."""

    left: dict[str, int] = field(default_factory=dict)

    def __call__(self, arn: str) -> float:
        endpoint = endpoint_of(arn)
        if not self.left.get(endpoint, 0):
            return 1.0
        self.left[endpoint] -= 1
        return 0.0

    def fill(self, polls: int, arn: str = A) -> None:
        self.left[endpoint_of(arn)] = polls


@pytest.fixture
def purse() -> Purse:
    return Purse()


@pytest.fixture
def agenda(purse: Purse) -> Agenda:
    return Agenda(purse)


def taken(agenda: Agenda, minute: float) -> list[str]:
    return [arn for arn, _ in agenda.take(at(minute))]


def test_who_is_due_begins_when_it_can_be_paid(agenda: Agenda, purse: Purse) -> None:
    """What cannot be paid waits, is still told as due, and knows since when it is when it begins."""
    agenda.put(A, at(0))
    agenda.put(B, at(1))
    refused, asked_again, waiting = agenda.take(at(0)), agenda.next_at(), agenda.due()
    purse.fill(5)
    begun = agenda.take(at(0) + SECOND)

    assert ([], at(0) + SECOND, {A: at(0), B: at(1)}) == (refused, asked_again, waiting)
    assert ([(A, at(0))], {B: at(1)}, at(1)) == (begun, agenda.due(), agenda.next_at())


def test_nobody_is_asked_for_before_the_time(agenda: Agenda) -> None:
    """Who joins a line whose turn has not come yet does not ask the budget once more."""
    agenda.put(A, at(0))
    agenda.take(at(0))
    agenda.put(B, at(0))
    agenda.take(at(0) + SECOND / 2)

    assert at(0) + SECOND == agenda.next_at()


def test_what_is_asked_more_often_goes_first(agenda: Agenda, purse: Purse) -> None:
    """A project in which something is under way overtakes those that were due before it."""
    agenda.put(A, at(0), cadence=SELDOM)
    agenda.put(B, at(2), cadence=SELDOM)
    agenda.put(C, at(1), cadence=SOON)
    purse.fill(3)

    assert [C, A, B] == taken(agenda, 2)


def test_nobody_waits_for_ever(agenda: Agenda, purse: Purse) -> None:
    """Who has waited for minutes goes before whoever is asked most often and was due only now."""
    agenda.put(A, at(0), cadence=SELDOM)
    agenda.put(B, at(5), cadence=SOON)
    purse.fill(1)

    assert [A] == taken(agenda, 5)


def test_what_is_asked_once_an_hour_waits_no_longer_than_others(agenda: Agenda, purse: Purse) -> None:
    """A discovery stands in line like a project: there is an end to patience."""
    agenda.put(A, at(1), cadence=PATIENCE)
    agenda.put(B, at(0), cadence=timedelta(hours=1))
    purse.fill(1)

    assert [B] == taken(agenda, 1)


def test_nobody_stands_behind_those_of_another_budget(agenda: Agenda, purse: Purse) -> None:
    """One account and region that cannot pay keeps no other one waiting."""
    agenda.put(A, at(0))
    agenda.put(ABROAD, at(0))
    purse.fill(1, ABROAD)

    assert [ABROAD] == taken(agenda, 0)


def test_who_is_taken_out_of_line_is_not_polled(agenda: Agenda, purse: Purse) -> None:
    """Neither a project that was removed, nor at the old time one that was put again; and no turn is spent on them."""
    for arn in (A, B, C):
        agenda.put(arn, at(0))
    agenda.take(at(0))
    agenda.remove(A)
    agenda.put(B, at(60))
    purse.fill(1)

    assert ([C], {B: at(60)}) == (taken(agenda, 1), agenda.due())


def test_those_in_line_move_with_the_clock(agenda: Agenda, purse: Purse) -> None:
    """A clock that was put back puts nobody off, whether somebody waits or not."""
    agenda.put(A, at(100), cadence=SOON)
    agenda.put(B, at(130), cadence=SOON)
    agenda.take(at(100))
    agenda.shift(-timedelta(minutes=90))
    purse.fill(5)

    assert ({A: at(10), B: at(40)}, [A], [B]) == (agenda.due(), taken(agenda, 10), taken(agenda, 40))


def test_an_empty_agenda_wakes_nobody(agenda: Agenda) -> None:
    """Nothing is due, so there is no time to look."""
    agenda.put(A, at(0))
    agenda.remove(A)
    agenda.take(at(1))

    assert agenda.next_at() is None
    assert A not in agenda
