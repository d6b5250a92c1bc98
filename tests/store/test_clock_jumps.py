"""A clock that is set while deliveries wait."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.claim import Claim
from monitor.domain.commit import Addressed, Commit
from monitor.domain.delivery import DeliveryState, Settlement
from monitor.store import Store
from tests.builders import T0, project
from tests.fakes_outbox import an_event
from tests.store.commits import url_of
from tests.store.fresh import made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from monitor.domain.delivery import Delivery

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Machine:
    """A store on a machine whose clock can be set."""

    def __init__(self, path: Path) -> None:
        self.now = T0
        self.store = Store.open(url_of(made(path)), clock=lambda: self.now)

    def put(self, *versions: str) -> None:
        """An event about each, for `ops`, stored now."""
        events = tuple(Addressed(event=an_event(version, time=self.now), sinks=("ops",)) for version in versions)
        self.store.commit(Commit(project=project(), at=self.now, events=events))

    def put_off(self, position: int, wait: timedelta, state: DeliveryState = DeliveryState.PENDING) -> None:
        """The attempt failed now; the next is due after *wait*."""
        settlement = Settlement(
            sink="ops", position=position, state=state, attempts=1, due_at=self.now + wait, error="503", at=self.now
        )
        self.store.settle([settlement])

    def claimed(self, at: datetime | None = None) -> list[int]:
        wanted = Claim(now=at or self.now, limit=10)
        return [each.message.position for each in self.store.claim("ops", wanted)]

    def jump(self, by: timedelta, after: timedelta = timedelta(0)) -> None:
        """Somebody sets the clock; it is noticed *after* that."""
        self.now += by + after
        self.store.shift_deliveries(by, self.now)

    def get(self, position: int) -> Delivery:
        return next(
            each for each in self.store.outbox(states=frozenset(DeliveryState)) if each.message.position == position
        )


@pytest.fixture
def machine(path: Path) -> Iterator[Machine]:
    machine = Machine(path)
    yield machine
    machine.store.close()


@pytest.mark.parametrize("jump", [-DAY, DAY, -100 * DAY, timedelta(minutes=-30), timedelta(hours=2)])
def test_a_retry_waits_as_long_as_it_would_have(machine: Machine, jump: timedelta) -> None:
    """Neither a day longer when the clock is put back, nor at once with all others when it is put forward."""
    machine.put("a")
    machine.put_off(1, 30 * SECOND)
    machine.jump(jump)
    before = machine.claimed(machine.now + 29 * SECOND)
    assert ([], [1]) == (before, machine.claimed(machine.now + 30 * SECOND))


@pytest.mark.parametrize("jump", [-DAY, DAY])
def test_what_was_due_stays_due(machine: Machine, jump: timedelta) -> None:
    """What was stored before the jump and not tried yet is tried at once."""
    machine.put("a")
    machine.jump(jump)
    assert [1] == machine.claimed()


@pytest.mark.parametrize("jump", [-DAY, DAY])
def test_what_was_put_off_by_the_new_clock_already_stays(machine: Machine, jump: timedelta) -> None:
    """The jump is noticed a moment later; what failed meanwhile is not moved again, by a day into the future."""
    machine.put("a")
    machine.now += jump
    machine.put_off(1, 30 * SECOND)
    machine.now += SECOND
    machine.store.shift_deliveries(jump, machine.now)
    assert [1] == machine.claimed(machine.now + 30 * SECOND)


def test_a_jump_forward_makes_nothing_old(machine: Machine) -> None:
    """Age counts from when it would have been stored by the clock of now: nothing is given up for it."""
    machine.put("a")
    machine.jump(10 * DAY)
    assert machine.now == machine.get(1).stored_at


def test_a_jump_back_leaves_nothing_stored_in_the_future(machine: Machine) -> None:
    """Or it would be young for too long."""
    machine.put("a")
    machine.jump(-10 * DAY)
    assert machine.now == machine.get(1).stored_at


def test_what_is_settled_is_history(machine: Machine) -> None:
    """Its times stay what they were."""
    machine.put("a")
    machine.put_off(1, timedelta(0), DeliveryState.DEAD)
    before = machine.get(1)
    machine.jump(-DAY)
    assert before == machine.get(1)


def test_a_clock_that_was_put_back_while_nothing_ran_is_seen_at_the_start(machine: Machine) -> None:
    """What is due later than any wait explains is due now; an honest retry waits on."""
    machine.put("a", "b")
    machine.put_off(1, timedelta(hours=2))
    machine.put_off(2, timedelta(minutes=5))
    machine.store.retain([], ["ops"])
    assert [1] == machine.claimed()
