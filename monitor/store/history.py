"""Events: stored once, read in the order they were stored, pruned when old."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, exists, insert, select

from monitor.store.bulk import chunks
from monitor.store.rows import read_message
from monitor.store.tables import DELIVERIES, EVENTS, PENDING
from monitor.store.text import encode_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from monitor.domain.delivery import Message
    from monitor.domain.events import Event

_PLACES: Final = (
    select(EVENTS.c.id, EVENTS.c.position)
    .where(EVENTS.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(EVENTS.c.position)
)


def add_events(connection: Connection, events: Iterable[Event]) -> dict[str, int]:
    """The positions of *events*, by id, in their order; without those whose id, so the fact, is stored already."""
    new = {event.id: event for event in events}
    for stored in _positions(connection, list(new)):
        del new[stored]
    if new:
        connection.execute(insert(EVENTS), [_row(event) for event in new.values()])
    return _positions(connection, list(new))


def _positions(connection: Connection, ids: list[str]) -> dict[str, int]:
    """Where those of them that are stored stand, in that order."""
    found: dict[str, int] = {}
    for some in chunks(ids):
        found |= dict(connection.execute(_PLACES, {"ids": some}).all())
    return found


def _row(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": str(event.type),
        "severity": int(event.severity),
        "source": event.source,
        "subject": event.subject,
        "project_name": event.project_name,
        "time": event.time,
        "document": encode_event(event.document),
    }


def read_events(
    connection: Connection,
    *,
    after: int,
    limit: int,
    since: datetime | None,
    project: str | None,
    newest_first: bool,
) -> list[Message]:
    """See `Store.events`."""
    order = EVENTS.c.position.desc() if newest_first else EVENTS.c.position
    query = select(EVENTS).where(EVENTS.c.position > after).order_by(order)
    if since is not None:
        query = query.where(EVENTS.c.time >= since)
    if project is None:
        query = query.limit(limit)
    with connection.execute(query) as rows:
        return [read_message(row) for row in islice(_concerning(rows, project), limit)]


def prune_some(connection: Connection, before: datetime, limit: int) -> int:
    """Remove up to *limit* events older than *before*, with their deliveries; how many went."""
    waiting = exists().where(DELIVERIES.c.position == EVENTS.c.position, PENDING)
    old = select(EVENTS.c.position).where(EVENTS.c.time < before, ~waiting).order_by(EVENTS.c.time).limit(limit)
    positions = list(connection.scalars(old))
    if positions:
        connection.execute(delete(EVENTS).where(EVENTS.c.position.in_(positions)))
    return len(positions)


def _concerning(rows: Iterator[Row[Any]], pattern: str | None) -> Iterator[Row[Any]]:
    """Patterns are matched here: SQL's own differ from `fnmatch` and between databases."""
    if pattern is None:
        return rows
    return (row for row in rows if any(fnmatchcase(name or "", pattern) for name in (row.project_name, row.source)))
