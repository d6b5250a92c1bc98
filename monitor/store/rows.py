"""Rows of the database as our types, and back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.delivery import Delivery, DeliveryState, Message
from monitor.domain.document import to_document, version_from_document
from monitor.domain.events import EventType
from monitor.domain.reachability import Streak
from monitor.domain.severity import Severity
from monitor.domain.snapshot import Absence, Tracked
from monitor.errors import StateDamagedError
from monitor.store.tables import RECOVERY, moment
from monitor.store.text import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Row


def tracked_row(project_arn: str, rank: int, tracked: Tracked) -> dict[str, Any]:
    """The row of `versions`."""
    absence = tracked.absence
    return {
        "project_arn": project_arn,
        "version_arn": tracked.version.arn,
        "rank": rank,
        "document": encode(to_document(tracked.version)),
        "status_since": tracked.status_since,
        "at_least": tracked.at_least,
        "sequence": tracked.sequence,
        "missed_listings": absence.listings if absence else None,
        "last_seen": absence.last_seen if absence else None,
    }


class Line(NamedTuple):
    """A row of `versions`: from *start* to *end* its document in a text of many, and times as the database has them."""

    start: int
    end: int
    version_arn: str
    rank: int
    status_since: int
    at_least: bool
    sequence: int
    missed_listings: int | None
    last_seen: int | None


def read_tracked(line: Line, text: bytearray) -> Tracked:
    """The version of a row of `versions` whose document is in *text*. Raises StateDamagedError."""
    with reading("versions", line.version_arn):
        missed, last_seen = line.missed_listings, line.last_seen
        return Tracked(
            version=version_from_document(decode(text[line.start : line.end].decode())),
            status_since=moment(line.status_since),
            at_least=line.at_least,
            sequence=line.sequence,
            absence=None
            if missed is None or last_seen is None
            else Absence(listings=missed, last_seen=moment(last_seen)),
        )


def streak_row(subject: str, streak: Streak) -> dict[str, Any]:
    """The row of `streaks`."""
    return {
        "subject": subject,
        "failures": streak.failures,
        "since": streak.since,
        "told": streak.told,
        "sequence": streak.sequence,
    }


def read_streak(row: Row[Any]) -> Streak:
    """The streak of a row of `streaks`."""
    return Streak(failures=row.failures, since=row.since, told=row.told, sequence=row.sequence)


def read_message(row: Row[Any]) -> Message:
    """The message of a row that has the columns of `events`. Raises StateDamagedError."""
    with reading("events", row.position):
        return Message(
            position=row.position,
            id=row.id,
            type=EventType(row.type),
            severity=Severity(row.severity),
            source=row.source,
            subject=row.subject,
            time=row.time,
            document=row.document.encode(),
        )


def read_delivery(row: Row[Any]) -> Delivery:
    """The delivery of a row that has the columns of `events` and `deliveries`. Raises StateDamagedError."""
    return Delivery(
        sink=row.sink,
        message=read_message(row),
        state=DeliveryState(row.state),  # a word that is none is never selected
        attempts=row.attempts,
        stored_at=row.stored_at,
        due_at=row.due_at,
        error=row.error,
    )


@contextmanager
def reading(table: str, key: object) -> Iterator[None]:
    """What goes wrong meanwhile with a row that was read is the database's damage. Raises StateDamagedError."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise StateDamagedError(
            f"state database: the row {key} of {table} cannot be read ({type(error).__name__}: {error}); {RECOVERY}"
        ) from error
