"""What the pages, the API and the terminal ask of the history, beside a running daemon or without one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from monitor.domain.delivery import DeliveryState
from monitor.domain.receipt import Receipt
from monitor.domain.step import STEPS, step_from_document
from monitor.store import inquiries
from monitor.store.bulk import chunks
from monitor.store.rows import read_message, reading
from monitor.store.tables import DELIVERIES, EVENTS, SNAPSHOTS
from monitor.store.text import decode
from monitor.store.watches import overlaid, read_watches

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Row

    from monitor.domain.delivery import Message
    from monitor.domain.inquiry import Inquiry
    from monitor.domain.seeing import Watch
    from monitor.domain.step import Step
    from monitor.store.database import Database
    from monitor.store.watches import Watches


class Records:
    """The reading side of a `Store`. Each method may raise StateUnavailableError and StateDamagedError."""

    def __init__(self, database: Database, watches: Watches) -> None:
        self._database = database
        self._watches = watches

    def events(self, inquiry: Inquiry) -> list[Message]:
        """The events that are wanted."""
        with self._database.read() as connection:
            return inquiries.ask(connection, inquiry)

    def event(self, event_id: str) -> Message | None:
        """The event of that id; None where it is not stored, or pruned."""
        with self._database.read() as connection:
            row = connection.execute(select(EVENTS).where(EVENTS.c.id == event_id)).one_or_none()
        return None if row is None else read_message(row)

    def newest_position(self) -> int:
        """Where the history ends; 0 when there is none."""
        with self._database.read() as connection:
            return connection.scalar(select(func.max(EVENTS.c.position))) or 0

    def last_seen(self) -> datetime | None:
        """The newest complete listing of any project that is written down; None before the first."""
        with self._database.read() as connection:
            newest: datetime | None = connection.scalar(select(func.max(SNAPSHOTS.c.seen_at)))
        return newest

    def about(self, subject: str, *, limit: int, before: int | None = None) -> list[Message]:
        """The newest events about a version (or a project, an account and region), newest first."""
        query = select(EVENTS).where(EVENTS.c.subject == subject)
        if before is not None:
            query = query.where(EVENTS.c.position < before)
        query = query.order_by(EVENTS.c.position.desc()).limit(limit)
        with self._database.read() as connection:
            return [read_message(row) for row in connection.execute(query)]

    def steps(self, version_arns: Collection[str], since: datetime) -> Mapping[str, list[Step]]:
        """What is stored of these versions' statuses from *since* on, oldest first; empty lists for those without."""
        found: defaultdict[str, list[Step]] = defaultdict(list)
        types = [str(each) for each in STEPS]
        with self._database.read() as connection:
            for arns in chunks(version_arns):
                query = select(EVENTS.c.position, EVENTS.c.subject, EVENTS.c.document).order_by(EVENTS.c.position)
                query = query.where(EVENTS.c.subject.in_(arns), EVENTS.c.type.in_(types), EVENTS.c.time >= since)
                for row in connection.execute(query):
                    found[row.subject].append(_step(row.position, row.document))
        return found

    def receipts(self, subject: str, *, limit: int) -> list[Receipt]:
        """What became of the newest deliveries of events about *subject*, newest first."""
        columns = [column for column in DELIVERIES.c if column.name != "subject"]
        query = select(EVENTS.c.id, *columns).join_from(EVENTS, DELIVERIES, DELIVERIES.c.position == EVENTS.c.position)
        query = query.where(EVENTS.c.subject == subject).order_by(EVENTS.c.position.desc(), DELIVERIES.c.sink)
        with self._database.read() as connection:
            return [_receipt(row) for row in connection.execute(query.limit(limit))]

    def watches(self, project_arns: Collection[str], since: datetime) -> Mapping[str, list[Watch]]:
        """When these projects were seen, as far as it was after *since*, in order; empty lists for those never seen."""
        with self._database.read() as connection:
            written = read_watches(connection, project_arns, since)
        newest = self._watches.newest(project_arns)
        return {arn: overlaid(written[arn], newest.get(arn, ()), since) for arn in project_arns}


def _step(position: int, document: str) -> Step:
    with reading("events", position):
        return step_from_document(position, decode(document))


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        position=row.position,
        event_id=row.id,
        sink=row.sink,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        stored_at=row.stored_at,
        due_at=row.due_at,
        settled_at=row.settled_at,
        error=row.error,
    )
