from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitor.domain.claim import Claim
from monitor.domain.delivery import Delivery, DeliveryState, OutboxStats, Selection, Settlement
from monitor.store import DISCARDED
from tests.builders import T0, at, version
from tests.store.commits import poll, walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from monitor.store import Store

PENDING, DELIVERED, DEAD = DeliveryState.PENDING, DeliveryState.DELIVERED, DeliveryState.DEAD


@pytest.fixture
def filled(store: Store) -> Store:
    """Two events about v1 (positions 1 and 3) and one about v2 (2), for two sinks."""
    for one, two in (("STOPPED", "STOPPED"), ("STARTING", "STARTING"), ("RUNNING", "STARTING")):
        poll(store, version("v2", two), version("v1", one), sinks=("log", "ops"))
    return store


def test_a_commit_makes_a_delivery_for_each_sink(store: Store) -> None:
    """Due at once, never tried, with the stored event."""
    walk(store, "STOPPED", "STARTING", sinks=("log", "ops"))
    message = store.events()[0]
    expected = [
        Delivery(sink=sink, message=message, state=PENDING, attempts=0, stored_at=T0, due_at=T0)
        for sink in ("log", "ops")
    ]
    assert expected == store.outbox()


def test_an_event_for_no_sink_is_history_only(store: Store) -> None:
    """It has no delivery."""
    walk(store, "STOPPED", "STARTING", sinks=())
    assert (1, []) == (len(store.events()), store.outbox())


def test_what_is_due_is_claimed_in_order(filled: Store) -> None:
    """The oldest first, the second about v1 with the first."""
    assert [1, 2, 3] == _claimed(filled)


def test_heads_alone_are_claimed_when_told_so(filled: Store) -> None:
    """The second about v1 waits for the first."""
    assert [1, 2] == _claimed(filled, heads_only=True)


def test_the_limit_of_a_claim_holds(filled: Store) -> None:
    """The oldest are taken."""
    assert [1] == _positions(filled.claim("log", Claim(now=T0, limit=1)))


def test_what_is_not_due_is_not_claimed(filled: Store) -> None:
    """Stored a moment later than now, by a clock that went back."""
    assert [] == _positions(filled.claim("log", Claim(now=at(-1), limit=10)))


def test_a_delivered_one_makes_way_for_the_next(filled: Store) -> None:
    """In one sink; the other goes its own way."""
    _settle(filled, 1, DELIVERED)
    assert ([2, 3], [1, 2, 3]) == (_claimed(filled), _claimed(filled, "ops"))


def test_a_dead_one_makes_way_for_the_next(filled: Store) -> None:
    """What was given up holds nothing back."""
    _settle(filled, 1, DEAD, error="refused for good")
    assert [2, 3] == _claimed(filled)


def test_one_that_waits_for_its_retry_holds_back_its_own_subject_only(filled: Store) -> None:
    """And is claimed when it is due, with what is known of the attempt."""
    _settle(filled, 1, PENDING, due_at=at(5), error="HTTP 503")
    waiting = filled.claim("log", Claim(now=at(4), limit=10))
    due = filled.claim("log", Claim(now=at(5), limit=10))
    assert ([2], [1, 2, 3]) == (_positions(waiting), _positions(due))
    assert (PENDING, 1, at(5), "HTTP 503") == (due[0].state, due[0].attempts, due[0].due_at, due[0].error)


def test_settlements_survive_a_restart(opened: Callable[[], Store]) -> None:
    """What a sink accepted is never sent again."""
    store = opened()
    walk(store, "STOPPED", "STARTING", "RUNNING")
    _settle(store, 1, DELIVERED)
    assert [2] == _positions(opened().claim("log", Claim(now=T0, limit=10)))


def test_settling_nothing_is_nothing(filled: Store, path: Path) -> None:
    """No transaction is made for an empty round, so it needs no database."""
    filled.close()
    path.unlink()
    filled.settle([])
    assert not path.exists()


@pytest.mark.parametrize(
    ("state", "expected"), [(DELIVERED, DELIVERED), (PENDING, DEAD), (DEAD, DEAD)], ids=["accepted", "failed", "dead"]
)
def test_a_delivery_given_up_meanwhile_changes_only_when_it_was_accepted(
    filled: Store, state: DeliveryState, expected: DeliveryState
) -> None:
    """What the sink has, it has; what it refused stays given up."""
    filled.discard(Selection(sink="log", states=frozenset({PENDING})))
    _settle(filled, 1, state, due_at=at(5))
    assert [expected] == [each.state for each in filled.outbox(states=set(DeliveryState), sink="log", limit=1)]


def test_next_due_counts_only_what_can_be_claimed(filled: Store) -> None:
    """The second about v1 is due, but waits for the first, so nothing is to be done before that."""
    _settle(filled, 2, DELIVERED)
    _settle(filled, 1, PENDING, due_at=at(5))
    assert (at(5), T0, None) == (filled.next_due("log"), filled.next_due("ops"), filled.next_due("other"))


def test_stats_tell_what_waits_for_each_sink(filled: Store) -> None:
    """Sinks that nothing waits for are left out."""
    poll(filled, version("v2", "STARTING"), version("v1", "STOPPING"), at=at(3), sinks=("log",))
    for position in (1, 2, 3):
        _settle(filled, position, DELIVERED, sink="ops")
    _settle(filled, 1, DEAD)
    assert {"log": OutboxStats(pending=3, oldest_stored_at=T0)} == filled.outbox_stats()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, [("ops", 1), ("log", 2), ("ops", 2), ("log", 3), ("ops", 3)]),
        ({"states": {DEAD}}, [("ops", 1)]),
        ({"states": {DELIVERED}}, [("log", 1)]),
        ({"sink": "ops", "limit": 2}, [("ops", 1), ("ops", 2)]),
        ({"states": {DELIVERED, PENDING}, "sink": "log"}, [("log", 1), ("log", 2), ("log", 3)]),
    ],
)
def test_the_outbox_is_listed(filled: Store, arguments: dict[str, Any], expected: list[tuple[str, int]]) -> None:
    """By state and sink, oldest first; what is not delivered when nothing is said."""
    _settle(filled, 1, DELIVERED)
    _settle(filled, 1, DEAD, sink="ops")
    assert expected == [(each.sink, each.message.position) for each in filled.outbox(**arguments)]


def test_retry_makes_a_dead_delivery_new(filled: Store) -> None:
    """Pending, due, untried and young, so that neither attempts nor age give it up at once."""
    _settle(filled, 1, DEAD, error="given up")
    fresh = filled.claim("ops", Claim(now=T0, limit=1))[0]
    number = filled.retry(Selection(sink="log"))
    revived = filled.claim("log", Claim(now=T0, limit=1))[0]
    assert (1, fresh.message, PENDING, 0, T0, T0, None) == (
        number,
        revived.message,
        revived.state,
        revived.attempts,
        revived.stored_at,
        revived.due_at,
        revived.error,
    )


def test_retry_hurries_pending_ones_when_told_to(filled: Store) -> None:
    """Those that wait for their next attempt are tried at once."""
    _settle(filled, 1, PENDING, due_at=at(60))
    number = filled.retry(Selection(sink="log", states=frozenset({PENDING, DEAD})))
    assert (3, [1, 2, 3]) == (number, _claimed(filled))


@pytest.mark.parametrize(
    ("choose", "expected"),
    [
        (lambda _: Selection(), [("log", 1), ("ops", 2)]),
        (lambda _: Selection(sink="ops"), [("ops", 2)]),
        (lambda ids: Selection(event_ids=(ids[0],)), [("log", 1)]),
        (lambda ids: Selection(event_ids=(ids[2],)), []),
        (lambda ids: Selection(sink="ops", event_ids=(ids[2],), states=frozenset(DeliveryState)), [("ops", 3)]),
        (lambda ids: Selection(event_ids=("unknown", *ids), states=frozenset({DELIVERED})), []),
    ],
    ids=["all dead", "of a sink", "of an event", "not dead", "pending too", "never delivered"],
)
def test_deliveries_are_selected(
    filled: Store, choose: Callable[[list[str]], Selection], expected: list[tuple[str, int]]
) -> None:
    """By sink, event and state; what a sink accepted is never touched."""
    _settle(filled, 1, DEAD)
    _settle(filled, 2, DEAD, sink="ops")
    _settle(filled, 3, DELIVERED)
    number = filled.discard(choose([message.id for message in filled.events()]))
    given_up = [(each.sink, each.message.position) for each in filled.outbox() if each.error == DISCARDED]
    assert (len(expected), expected) == (number, given_up)


def test_what_is_discarded_is_dead_and_counted_once(filled: Store) -> None:
    """The row stays, and says that it was a person's doing."""
    everything = Selection(states=frozenset({PENDING, DEAD}))
    numbers = filled.discard(everything), filled.discard(everything)
    assert ((6, 0), {(DEAD, DISCARDED)}) == (numbers, {(each.state, each.error) for each in filled.outbox()})


def test_an_error_that_utf8_cannot_carry_is_stored(filled: Store) -> None:
    """What a sink answered stops no settlement."""
    _settle(filled, 1, DEAD, error="odd \ud800")
    assert ["odd ?"] == [each.error for each in filled.outbox(states={DEAD})]


def _settle(
    store: Store,
    position: int,
    state: DeliveryState,
    *,
    sink: str = "log",
    due_at: datetime = T0,
    error: str | None = None,
) -> None:
    store.settle(
        [Settlement(sink=sink, position=position, state=state, attempts=1, due_at=due_at, error=error, at=at(1))]
    )


def _claimed(store: Store, sink: str = "log", **wanted: Any) -> list[int]:
    return _positions(store.claim(sink, Claim(now=T0, limit=10, **wanted)))


def _positions(deliveries: list[Delivery]) -> list[int]:
    return [delivery.message.position for delivery in deliveries]
