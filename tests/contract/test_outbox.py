"""What every outbox promises the dispatcher: the one in memory that the tests use, and the store's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from monitor.domain.claim import Claim
from monitor.domain.commit import Addressed, Commit
from monitor.domain.delivery import Delivery, DeliveryState, Message, OutboxStats, Settlement
from monitor.domain.events import EventType
from monitor.domain.flapping import Change
from monitor.domain.project import parse_project
from monitor.domain.severity import Severity
from monitor.store import Store
from tests.fakes_outbox import NOON, PROJECT_ARN, MemoryOutbox, a_message, an_event
from tests.store.fresh import made

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from monitor.dispatcher import Outbox
    from monitor.domain.events import Event


class Putting(Protocol):
    """An outbox with a way to put events in."""

    @property
    def outbox(self) -> Outbox: ...

    def put(self, event: Event, sinks: Sequence[str], at: datetime = NOON) -> Message: ...


class InMemory:
    def __init__(self) -> None:
        self.outbox = MemoryOutbox()

    def put(self, event: Event, sinks: Sequence[str], at: datetime = NOON) -> Message:
        return self.outbox.put(event, sinks, at)


class InSqlite:
    def __init__(self, path: Path) -> None:
        self.outbox = Store.open(f"sqlite:///{made(path)}", clock=lambda: NOON)
        self._positions = 0

    def put(self, event: Event, sinks: Sequence[str], at: datetime = NOON) -> Message:
        addressed = Addressed(event=event, sinks=tuple(sinks))
        self.outbox.commit(Commit(project=parse_project(PROJECT_ARN), at=at, events=(addressed,)))
        self._positions += 1
        return a_message(event, self._positions)


@pytest.fixture(params=["memory", "sqlite"])
def its(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Putting]:
    if request.param == "memory":
        yield InMemory()
        return
    sqlite = InSqlite(tmp_path / "state.db")
    yield sqlite
    sqlite.outbox.close()


def fresh(message: Message, sink: str = "ops", at: datetime = NOON) -> Delivery:
    """A delivery that nobody has tried."""
    return Delivery(sink=sink, message=message, state=DeliveryState.PENDING, attempts=0, stored_at=at, due_at=at)


def settled(
    message: Message, state: DeliveryState, *, attempts: int = 1, due_at: datetime = NOON, error: str | None = None
) -> Settlement:
    """What one attempt for the sink `ops` came to."""
    return Settlement(
        sink="ops",
        position=message.position,
        state=state,
        attempts=attempts,
        due_at=due_at,
        error=error,
        at=NOON,
    )


def claimed(its: Putting, *, now: datetime = NOON, limit: int = 10, **wanted: Any) -> list[int]:
    """The positions that are handed out for the sink `ops`."""
    return [each.message.position for each in its.outbox.claim("ops", Claim(now=now, limit=limit, **wanted))]


def test_hands_out_what_was_stored(its: Putting) -> None:
    """A delivery comes out whole: message, times and no attempts."""
    message = its.put(an_event(), ["ops"])
    assert [fresh(message)] == its.outbox.claim("ops", Claim(now=NOON, limit=10))


def test_hands_out_the_oldest_first_up_to_the_limit(its: Putting) -> None:
    """In the order of the history, no more than asked for."""
    messages = [its.put(an_event(version), ["ops"]) for version in "cab"]
    assert [message.position for message in messages[:2]] == claimed(its, limit=2)


def test_hands_out_again_what_was_not_settled(its: Putting) -> None:
    """A claim keeps nothing for the one who claimed: after a crash it is there."""
    message = its.put(an_event(), ["ops"])
    assert [[message.position], [message.position]] == [claimed(its), claimed(its)]


def test_hands_out_nothing_to_a_sink_that_was_not_addressed(its: Putting) -> None:
    """Deliveries are each sink's own."""
    its.put(an_event(), ["audit"])
    its.put(an_event("b"), [])
    assert [] == claimed(its)


def test_hands_out_only_the_first_of_each_subject_when_told_so(its: Putting) -> None:
    """The second event of a version waits for the first, that of another version does not."""
    first = its.put(an_event("a", 1), ["ops"])
    its.put(an_event("a", 2), ["ops"])
    other = its.put(an_event("b", 1), ["ops"])
    assert [first.position, other.position] == claimed(its, heads_only=True)


def test_hands_out_what_follows_the_first_where_there_is_room(its: Putting) -> None:
    """The first of each subject, and then the next ones of each, in the order of the history."""
    messages = [its.put(an_event(version, number), ["ops"]) for number in (1, 2) for version in "ab"]
    assert [message.position for message in messages] == claimed(its)


def test_every_subject_comes_before_the_second_of_any(its: Putting) -> None:
    """A long story of one version takes no place from another's."""
    story = [its.put(an_event("a", number), ["ops"]) for number in range(1, 10)]
    other = its.put(an_event("b", 1), ["ops"])
    assert [story[0].position, other.position] == claimed(its, limit=2)


def test_hands_out_nothing_that_follows_one_that_waits(its: Putting) -> None:
    """A delivery that is put off holds back those behind it, though they are due."""
    messages = [its.put(an_event("a", number), ["ops"]) for number in (1, 2, 3)]
    its.outbox.settle([settled(messages[1], DeliveryState.PENDING, due_at=NOON + timedelta(seconds=5))])
    assert [messages[0].position] == claimed(its)


def test_leaves_out_what_is_in_hand(its: Putting) -> None:
    """Whoever has some of a version's in hand gets none of them again."""
    in_hand = its.put(an_event("a"), ["ops"])
    other = its.put(an_event("b"), ["ops"])
    assert [other.position] == claimed(its, besides={in_hand.subject})


def test_hands_out_what_is_urgent_with_what_waits_before_it(its: Putting) -> None:
    """In a quiet window a grave event takes along what waits of its version, so that order holds; others wait."""
    before = its.put(an_event("a", 1), ["ops"])
    urgent = its.put(an_event("a", 2, severity=Severity.CRITICAL), ["ops"])
    its.put(an_event("b", 1, severity=Severity.WARNING), ["ops"])
    assert [before.position, urgent.position] == claimed(its, urgent=Severity.ERROR)


def test_next_due_is_that_of_what_is_urgent(its: Putting) -> None:
    """Nobody is woken for what has to wait."""
    its.put(an_event("b", severity=Severity.WARNING), ["ops"])
    quiet = its.outbox.next_due("ops", Severity.ERROR)
    its.put(an_event("a", severity=Severity.ERROR), ["ops"], NOON + timedelta(minutes=1))
    assert (None, NOON + timedelta(minutes=1)) == (quiet, its.outbox.next_due("ops", Severity.ERROR))


def test_knows_what_waits_about_a_subject(its: Putting) -> None:
    """Due or not, in order, as many as asked for; nothing of another subject or sink."""
    messages = [its.put(an_event("a", number), ["ops", "audit"]) for number in (1, 2, 3)]
    its.put(an_event("b"), ["ops"])
    its.outbox.settle([settled(messages[0], DeliveryState.PENDING, due_at=NOON + timedelta(seconds=5))])
    waiting = its.outbox.waiting_about("ops", messages[0].subject, 2)
    assert [messages[0].position, messages[1].position] == [each.message.position for each in waiting]


def test_knows_the_changes_of_status_that_a_sink_was_told_of(its: Putting) -> None:
    """Delivered or not; no other type, subject or sink, and none before the time."""
    kind = EventType.VERSION_STATUS_CHANGED
    times = [NOON + timedelta(minutes=minute) for minute in range(4)]
    told = [its.put(an_event("a", n, event_type=kind, time=at), ["ops"]) for n, at in enumerate(times)]
    its.put(an_event("a", 5, time=times[3]), ["ops"])
    its.put(an_event("a", 6, event_type=kind, time=times[3]), ["audit"])
    its.put(an_event("b", 1, event_type=kind, time=times[3]), ["ops"])
    its.outbox.settle([settled(told[1], DeliveryState.DELIVERED)])
    expected = [Change(message.position, message.time) for message in told[1:]]
    assert expected == list(its.outbox.changes("ops", told[0].subject, times[1]))


@pytest.mark.parametrize("state", [DeliveryState.DELIVERED, DeliveryState.DEAD])
def test_hands_out_the_next_when_the_first_is_settled(its: Putting, state: DeliveryState) -> None:
    """Delivered or dead, the first holds the second no more."""
    first = its.put(an_event("a", 1), ["ops"])
    second = its.put(an_event("a", 2), ["ops"])
    its.outbox.settle([settled(first, state)])
    assert [second.position] == claimed(its)


def test_holds_a_retry_and_what_follows_it_until_it_is_due(its: Putting) -> None:
    """While the first of a version waits for its retry, the second waits too, though it has been due for long."""
    first = its.put(an_event("a", 1), ["ops"])
    its.put(an_event("a", 2), ["ops"])
    later = NOON + timedelta(seconds=30)
    its.outbox.settle([settled(first, DeliveryState.PENDING, due_at=later, error="503")])
    assert [] == claimed(its, now=later - timedelta(microseconds=1))
    retry = replace(fresh(first), attempts=1, due_at=later, error="503")
    assert [retry] == its.outbox.claim("ops", Claim(now=later, limit=10, heads_only=True))


def test_settles_one_sink_alone(its: Putting) -> None:
    """What one sink accepted is still to be delivered to the other."""
    message = its.put(an_event(), ["ops", "audit"])
    its.outbox.settle([settled(message, DeliveryState.DELIVERED)])
    assert [] == claimed(its)
    assert [fresh(message, "audit")] == its.outbox.claim("audit", Claim(now=NOON, limit=10))


def test_settles_many_at_once(its: Putting) -> None:
    """One call keeps different outcomes of several deliveries."""
    accepted, refused, again = (its.put(an_event(version), ["ops"]) for version in "abc")
    its.outbox.settle(
        [
            settled(accepted, DeliveryState.DELIVERED),
            settled(refused, DeliveryState.DEAD, error="410"),
            settled(again, DeliveryState.PENDING, error="503"),
        ]
    )
    assert [again.position] == claimed(its)


def test_a_late_failure_does_not_undo_an_acceptance(its: Putting) -> None:
    """When two processes tried the same delivery, the one that failed changes nothing."""
    message = its.put(an_event(), ["ops"])
    its.outbox.settle([settled(message, DeliveryState.DELIVERED)])
    its.outbox.settle([settled(message, DeliveryState.PENDING, error="503")])
    assert [] == claimed(its)


def test_a_late_failure_does_not_wake_the_dead(its: Putting) -> None:
    """A delivery that was given up meanwhile stays so."""
    message = its.put(an_event(), ["ops"])
    its.outbox.settle([settled(message, DeliveryState.DEAD, error="discarded")])
    its.outbox.settle([settled(message, DeliveryState.PENDING, error="503")])
    assert [] == claimed(its)


def test_next_due_is_none_when_nothing_waits(its: Putting) -> None:
    """Neither a settled delivery nor another sink's is waited for."""
    message = its.put(an_event(), ["ops", "audit"])
    its.outbox.settle([settled(message, DeliveryState.DELIVERED)])
    assert its.outbox.next_due("ops", None) is None


def test_next_due_is_when_a_claim_finds_something(its: Putting) -> None:
    """What waits behind a retry is not due before it, however long it has been stored."""
    first = its.put(an_event("a", 1), ["ops"])
    its.put(an_event("a", 2), ["ops"])
    later = NOON + timedelta(seconds=30)
    its.outbox.settle([settled(first, DeliveryState.PENDING, due_at=later, error="503")])
    assert later == its.outbox.next_due("ops", None)


def test_counts_what_waits(its: Putting) -> None:
    """For each sink how much is pending and since when; settled deliveries do not count."""
    first = its.put(an_event("a", 1), ["ops", "audit"], NOON)
    its.put(an_event("a", 2), ["ops"], NOON + timedelta(minutes=1))
    its.put(an_event("b", 1), ["ops"], NOON + timedelta(minutes=2))
    its.outbox.settle([settled(first, DeliveryState.DELIVERED)])
    stats = {sink: (found.pending, found.oldest_stored_at) for sink, found in its.outbox.outbox_stats().items()}
    assert {"ops": (2, NOON + timedelta(minutes=1)), "audit": (1, NOON)} == stats


def test_counts_nothing_where_nothing_waits(its: Putting) -> None:
    """Sinks without a pending delivery are left out, or have none."""
    message = its.put(an_event(), ["ops"])
    its.outbox.settle([settled(message, DeliveryState.DELIVERED)])
    assert OutboxStats(pending=0) == its.outbox.outbox_stats().get("ops", OutboxStats(pending=0))
