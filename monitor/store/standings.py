"""How each sink stands, for the people who ask. It reads the whole outbox and history of deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from monitor.domain.delivery import DeliveryState
from monitor.domain.standing import Standing
from monitor.store.tables import DELIVERIES, PENDING

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

_DEAD = DELIVERIES.c.state == DeliveryState.DEAD.value
_DELIVERED = DELIVERIES.c.state == DeliveryState.DELIVERED.value
_FAILED = DELIVERIES.c.error.is_not(None)


def read_standings(connection: Connection) -> dict[str, Standing]:
    """By the names of all sinks that ever had a delivery that is kept."""
    query = select(
        DELIVERIES.c.sink,
        _count(PENDING).label("pending"),
        func.min(case((PENDING, DELIVERIES.c.stored_at))).label("oldest"),
        _count(_DEAD).label("dead"),
        func.max(case((_DELIVERED, DELIVERIES.c.settled_at))).label("last_success"),
    ).group_by(DELIVERIES.c.sink)
    waiting = _errors(connection, PENDING, newest=False)
    dead = _errors(connection, _DEAD, newest=True)
    return {
        row.sink: Standing(
            pending=row.pending,
            oldest=row.oldest,
            dead=row.dead,
            last_success=row.last_success,
            last_error=waiting.get(row.sink, dead.get(row.sink)),
            failing=row.sink in waiting,
        )
        for row in connection.execute(query.order_by(DELIVERIES.c.sink))
    }


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _errors(connection: Connection, condition: ColumnElement[bool], *, newest: bool) -> dict[str, str]:
    """The error of the oldest, or newest, delivery for each sink that has one."""
    pick = func.max if newest else func.min
    chosen = select(DELIVERIES.c.sink, pick(DELIVERIES.c.position).label("position"))
    chosen = chosen.where(condition, _FAILED).group_by(DELIVERIES.c.sink)
    places = chosen.subquery("places")
    same = (places.c.sink == DELIVERIES.c.sink) & (places.c.position == DELIVERIES.c.position)
    rows = connection.execute(select(DELIVERIES.c.sink, DELIVERIES.c.error).join(places, same))
    return {row.sink: row.error for row in rows}
