"""Deliveries: added with their event, claimed when due, settled by what the sink said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, exists, func, insert, literal_column, or_, select, update

from monitor.domain.delivery import Delivery, DeliveryState, OutboxStats, Settlement
from monitor.store.rows import read_delivery
from monitor.store.tables import DELIVERIES, EVENTS, PENDING
from monitor.store.text import storable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select, Update

    from monitor.domain.delivery import Selection

DISCARDED: Final = "discarded by hand"
"""The error of a delivery that `outbox discard` gave up."""

UNCONFIGURED: Final = "the sink is not configured"
"""The error of a delivery whose sink is configured no longer."""


def add_deliveries(
    connection: Connection, position: int, subject: str, sinks: Iterable[str], stored_at: datetime
) -> None:
    """One for each of *sinks*, due at once."""
    rows = [
        {
            "position": position,
            "sink": sink,
            "subject": subject,
            "state": DeliveryState.PENDING.value,
            "attempts": 0,
            "stored_at": stored_at,
            "due_at": stored_at,
        }
        for sink in sinks
    ]
    if rows:
        connection.execute(insert(DELIVERIES), rows)


def claim(connection: Connection, sink: str, now: datetime, limit: int) -> list[Delivery]:
    """See `Store.claim`."""
    due = _joined().where(DELIVERIES.c.sink == sink, _first_of_subject(), DELIVERIES.c.due_at <= now)
    return [read_delivery(row) for row in connection.execute(due.order_by(DELIVERIES.c.position).limit(limit))]


def next_due(connection: Connection, sink: str) -> datetime | None:
    """See `Store.next_due`."""
    query = select(func.min(DELIVERIES.c.due_at)).where(DELIVERIES.c.sink == sink, _first_of_subject())
    due: datetime | None = connection.scalar(query)
    return due


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


def give_up_unconfigured(connection: Connection, sinks: Collection[str], now: datetime) -> None:
    """Make the pending deliveries dead of every sink but *sinks*."""
    unknown = connection.scalars(select(DELIVERIES.c.sink).where(PENDING).distinct()).all()
    for sink in sorted(set(unknown) - set(sinks)):
        connection.execute(_give_up(UNCONFIGURED, now).where(PENDING, DELIVERIES.c.sink == sink))


def _joined() -> Select[Any]:
    columns = [column for column in DELIVERIES.c if column.name not in EVENTS.c]
    return select(EVENTS, *columns).join_from(DELIVERIES, EVENTS, DELIVERIES.c.position == EVENTS.c.position)


def _first_of_subject() -> ColumnElement[bool]:
    """Pending, and nothing about the same subject waits before it in the same sink."""
    earlier = DELIVERIES.alias("earlier")
    before = exists().where(
        earlier.c.state == literal_column("'pending'"),  # as in `PENDING`
        earlier.c.sink == DELIVERIES.c.sink,
        earlier.c.subject == DELIVERIES.c.subject,
        earlier.c.position < DELIVERIES.c.position,
    )
    return and_(PENDING, ~before)


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
