"""Deliveries: added with their event, claimed when due, settled by what the sink said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, and_, bindparam, func, insert, or_, select, type_coerce, update

from monitor.domain.delivery import Delivery, DeliveryState, OutboxStats, Settlement
from monitor.domain.events import EventType
from monitor.domain.flapping import Change
from monitor.store.rows import read_delivery
from monitor.store.tables import DELIVERIES, EVENTS, PENDING, UtcTime
from monitor.store.text import storable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Select, Subquery, Update

    from monitor.domain.claim import Claim
    from monitor.domain.commit import Addressed
    from monitor.domain.delivery import Selection
    from monitor.domain.severity import Severity

DISCARDED: Final = "discarded by hand"
"""The error of a delivery that `outbox discard` gave up."""

UNCONFIGURED: Final = "the sink is not configured"
"""The error of a delivery whose sink is configured no longer."""


def add_deliveries(
    connection: Connection, addressed: Iterable[Addressed], positions: Mapping[str, int], stored_at: datetime
) -> None:
    """One for each event that has a position, by its id, and each sink that it is for; due at once."""
    rows = [
        {
            "position": positions[each.event.id],
            "sink": sink,
            "subject": each.event.subject,
            "state": DeliveryState.PENDING.value,
            "attempts": 0,
            "stored_at": stored_at,
            "due_at": stored_at,
        }
        for each in addressed
        if each.event.id in positions
        for sink in each.sinks
    ]
    if rows:
        connection.execute(insert(DELIVERIES), rows)


def claim(connection: Connection, sink: str, wanted: Claim) -> list[Delivery]:
    """See `Store.claim`."""
    heads = _heads(sink, wanted.urgent, wanted.besides)
    due = _joined().join(heads, heads.c.position == DELIVERIES.c.position)
    due = due.where(DELIVERIES.c.sink == sink, DELIVERIES.c.due_at <= wanted.now)
    found = [read_delivery(row) for row in connection.execute(due.order_by(heads.c.position).limit(wanted.limit))]
    depth = wanted.limit // max(1, len(found))
    if wanted.heads_only or depth == 1:
        return found
    behind = _behind(connection, sink, {each.message.subject for each in found}, depth, wanted.now)
    return sorted((*found, *behind), key=lambda each: each.message.position)[: wanted.limit]


def _heads(sink: str, urgent: Severity | None, besides: Collection[str] = ()) -> Subquery:
    """The first pending delivery about each subject: one pass over the partial index, however many wait behind it."""
    query = select(func.min(DELIVERIES.c.position).label("position")).where(DELIVERIES.c.sink == sink, PENDING)
    if besides:
        query = query.where(DELIVERIES.c.subject.not_in(besides))
    if urgent is not None:
        query = query.where(DELIVERIES.c.subject.in_(_urgent_subjects(sink, urgent)))
    return query.group_by(DELIVERIES.c.subject).subquery("heads")


def _urgent_subjects(sink: str, urgent: Severity) -> Select[Any]:
    joined = select(DELIVERIES.c.subject).join_from(DELIVERIES, EVENTS, DELIVERIES.c.position == EVENTS.c.position)
    return joined.where(DELIVERIES.c.sink == sink, PENDING, EVENTS.c.severity >= int(urgent))


def _behind(
    connection: Connection, sink: str, subjects: Collection[str], depth: int, now: datetime
) -> Iterator[Delivery]:
    """What follows the first pending delivery about each of *subjects*, up to the first that is not due."""
    place = func.row_number().over(partition_by=DELIVERIES.c.subject, order_by=DELIVERIES.c.position)
    numbered = select(DELIVERIES.c.position, place.label("place"))
    places = numbered.where(DELIVERIES.c.sink == sink, PENDING, DELIVERIES.c.subject.in_(subjects)).subquery("places")
    query = _joined().join(places, places.c.position == DELIVERIES.c.position)
    query = query.where(DELIVERIES.c.sink == sink, places.c.place > 1, places.c.place <= depth)
    blocked: set[str] = set()
    for row in connection.execute(query.order_by(places.c.position)):
        delivery = read_delivery(row)
        if delivery.due_at > now:
            blocked.add(delivery.message.subject)
        if delivery.message.subject not in blocked:
            yield delivery


def next_due(connection: Connection, sink: str, urgent: Severity | None) -> datetime | None:
    """See `Store.next_due`."""
    heads = _heads(sink, urgent)
    query = select(func.min(DELIVERIES.c.due_at)).join(heads, heads.c.position == DELIVERIES.c.position)
    due: datetime | None = connection.scalar(query.where(DELIVERIES.c.sink == sink))
    return due


def waiting_about(connection: Connection, sink: str, subject: str, limit: int) -> list[Delivery]:
    """See `Store.waiting_about`."""
    query = _joined().where(DELIVERIES.c.sink == sink, PENDING, DELIVERIES.c.subject == subject)
    return [read_delivery(row) for row in connection.execute(query.order_by(DELIVERIES.c.position).limit(limit))]


def changes(connection: Connection, sink: str, subject: str, since: datetime) -> list[Change]:
    """See `Store.changes`."""
    joined = select(EVENTS.c.position, EVENTS.c.time).join_from(
        EVENTS, DELIVERIES, DELIVERIES.c.position == EVENTS.c.position
    )
    query = joined.where(
        DELIVERIES.c.sink == sink,
        EVENTS.c.time >= since,
        EVENTS.c.subject == subject,
        EVENTS.c.type == EventType.VERSION_STATUS_CHANGED.value,
    )
    return [Change(row.position, row.time) for row in connection.execute(query.order_by(EVENTS.c.position))]


def shift(connection: Connection, jump: timedelta, now: datetime) -> None:
    """See `Store.shift_deliveries`."""
    before = now - jump
    due, stored = DELIVERIES.c.due_at, DELIVERIES.c.stored_at
    if jump < timedelta(0):
        waiting, remembered = due > now, stored > now  # hurrying the few that failed since then harms nobody
    else:
        waiting, remembered = and_(due > before, due < now), stored <= before
    # Microseconds: the columns' own unit, since SQL adds neither datetimes nor timedeltas.
    by = jump // timedelta(microseconds=1)
    for column, moved in ((DELIVERIES.c.due_at, waiting), (DELIVERIES.c.stored_at, remembered)):
        later = type_coerce(column, BigInteger) + by
        connection.execute(update(DELIVERIES).where(PENDING, moved).values({column.name: type_coerce(later, UtcTime)}))


def hurry(connection: Connection, now: datetime, longest: timedelta) -> int:
    """Make due what is due later than *longest* from now; how many."""
    late = update(DELIVERIES).where(PENDING, DELIVERIES.c.due_at > now + longest)
    return connection.execute(late.values(due_at=now)).rowcount


def settle(connection: Connection, settlements: Sequence[Settlement]) -> None:
    """See `Store.settle`."""
    accepted = [_settlement_row(each) for each in settlements if each.state is DeliveryState.DELIVERED]
    others = [_settlement_row(each) for each in settlements if each.state is not DeliveryState.DELIVERED]
    if accepted:
        connection.execute(_settling(), accepted)
    if others:
        connection.execute(_settling().where(PENDING), others)


def read_outbox(
    connection: Connection, states: Collection[DeliveryState], sink: str | None, limit: int
) -> list[Delivery]:
    """See `Store.outbox`."""
    query = _joined().where(_in_states(states)).order_by(DELIVERIES.c.position, DELIVERIES.c.sink).limit(limit)
    if sink is not None:
        query = query.where(DELIVERIES.c.sink == sink)
    return [read_delivery(row) for row in connection.execute(query)]


def stats(connection: Connection) -> dict[str, OutboxStats]:
    """What waits, by sink; sinks that nothing waits for are left out."""
    columns = DELIVERIES.c.sink, func.count().label("pending"), func.min(DELIVERIES.c.stored_at).label("oldest")
    query = select(*columns).where(PENDING).group_by(DELIVERIES.c.sink)
    return {
        row.sink: OutboxStats(pending=row.pending, oldest_stored_at=row.oldest) for row in connection.execute(query)
    }


def retry(connection: Connection, selection: Selection, now: datetime) -> int:
    """See `Store.retry`."""
    values = {"state": "pending", "attempts": 0, "stored_at": now, "due_at": now, "settled_at": None, "error": None}
    return connection.execute(update(DELIVERIES).where(_selected(selection)).values(values)).rowcount


def discard(connection: Connection, selection: Selection, now: datetime) -> int:
    """See `Store.discard`."""
    fresh = or_(DELIVERIES.c.error.is_(None), DELIVERIES.c.error != DISCARDED)
    return connection.execute(_give_up(DISCARDED, now).where(_selected(selection), or_(PENDING, fresh))).rowcount


def give_up_unconfigured(connection: Connection, sinks: Collection[str], now: datetime) -> dict[str, int]:
    """Make the pending deliveries dead of every sink but *sinks*; how many, by sink."""
    waiting = connection.scalars(select(DELIVERIES.c.sink).where(PENDING).distinct()).all()
    return {
        sink: connection.execute(_give_up(UNCONFIGURED, now).where(PENDING, DELIVERIES.c.sink == sink)).rowcount
        for sink in sorted(set(waiting) - set(sinks))
    }


def _joined() -> Select[Any]:
    columns = [column for column in DELIVERIES.c if column.name not in EVENTS.c]
    return select(EVENTS, *columns).join_from(DELIVERIES, EVENTS, DELIVERIES.c.position == EVENTS.c.position)


def _in_states(states: Collection[DeliveryState]) -> ColumnElement[bool]:
    settled = DELIVERIES.c.state.in_([state.value for state in states if state is not DeliveryState.PENDING])
    return or_(PENDING, settled) if DeliveryState.PENDING in states else settled


def _selected(selection: Selection) -> ColumnElement[bool]:
    condition = _in_states(selection.states - {DeliveryState.DELIVERED})
    if selection.sink is not None:
        condition = and_(condition, DELIVERIES.c.sink == selection.sink)
    if selection.event_ids:
        positions = select(EVENTS.c.position).where(EVENTS.c.id.in_(selection.event_ids))
        condition = and_(condition, DELIVERIES.c.position.in_(positions))
    return condition


def _give_up(why: str, now: datetime) -> Update:
    return update(DELIVERIES).values(state=DeliveryState.DEAD.value, error=why, settled_at=now)


def _settling() -> Update:
    columns = ("state", "attempts", "due_at", "settled_at", "error")
    place = DELIVERIES.c.position == bindparam("which"), DELIVERIES.c.sink == bindparam("whose")
    return update(DELIVERIES).where(*place).values({name: bindparam(f"new_{name}") for name in columns})


def _settlement_row(settlement: Settlement) -> dict[str, Any]:
    return {
        "which": settlement.position,
        "whose": settlement.sink,
        "new_state": settlement.state.value,
        "new_attempts": settlement.attempts,
        "new_due_at": settlement.due_at,
        "new_settled_at": None if settlement.state is DeliveryState.PENDING else settlement.at,
        "new_error": None if settlement.error is None else storable(settlement.error),
    }
