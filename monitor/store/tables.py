"""The tables as the newest migration leaves them; a test compares the two.

Times are whole microseconds since the epoch: they order and compare alike in every database, which neither SQLite's
text times nor RFC 3339 with an optional fraction do. JSON is text, read by this program only.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    literal_column,
)

from monitor.errors import StateDamagedError

if TYPE_CHECKING:
    from sqlalchemy import Dialect

RECOVERY: Final = "restore a backup, or move the file away: the monitor then starts from a baseline"
"""What to do about a database that is damaged."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC, exact to the microsecond."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the base's
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base's
        """Raises StateDamagedError for what no time was written as."""
        return None if value is None else moment(value)


def moment(microseconds: int) -> datetime:
    """The time that is so long after the epoch. Raises StateDamagedError for what no time was written as."""
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except (TypeError, OverflowError):
        raise StateDamagedError(f"state database: {microseconds!r} is no time; {RECOVERY}") from None


METADATA: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

SNAPSHOTS: Final = Table(
    "snapshots",
    METADATA,
    Column("project_arn", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("blind_before", UtcTime),
)

VERSIONS: Final = Table(
    "versions",
    METADATA,
    Column("project_arn", Text, ForeignKey("snapshots.project_arn", ondelete="CASCADE"), primary_key=True),
    Column("version_arn", Text, primary_key=True),
    Column("rank", Integer, nullable=False),  # greater is newer; gaps mean nothing
    Column("document", Text, nullable=False),
    Column("status_since", UtcTime, nullable=False),
    Column("at_least", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("missed_listings", Integer),  # these two together: an absence that waits to be confirmed
    Column("last_seen", UtcTime),
)

GONE_VERSIONS: Final = Table(
    "gone_versions",
    METADATA,
    Column("project_arn", Text, ForeignKey("snapshots.project_arn", ondelete="CASCADE"), primary_key=True),
    Column("version_arn", Text, primary_key=True),
    Column("sequence", Integer, nullable=False),
)

TRANSITIONS: Final = Table(
    "transitions",
    METADATA,
    Column("project_arn", Text, primary_key=True),
    Column("from_status", Text, primary_key=True),
    Column("to_status", Text, primary_key=True),
    Column("total", Integer, nullable=False),
)

STREAKS: Final = Table(
    "streaks",
    METADATA,
    Column("subject", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", UtcTime),
    Column("told", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
)

CENSUSES: Final = Table(
    "censuses",
    METADATA,
    Column("place", Text, primary_key=True),  # an account of the configuration and a region
    Column("features", Text, nullable=False),
    Column("taken_at", UtcTime, nullable=False),
    Column("residents", Text, nullable=False),
)

WATCHES: Final = Table(
    "watches",
    METADATA,
    Column("project_arn", Text, primary_key=True),
    Column("began_at", UtcTime, primary_key=True),
    Column("ended_at", UtcTime, nullable=False),
    Index("ix_watches_ended_at", "ended_at"),
)

EVENTS: Final = Table(
    "events",
    METADATA,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("project_name", Text),
    Column("time", UtcTime, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_events_time", "time"),
    Index("ix_events_subject", "subject", "position"),
    sqlite_autoincrement=True,  # a position is never used again, though the newest event be pruned
)

DELIVERIES: Final = Table(
    "deliveries",
    METADATA,
    Column("position", Integer, ForeignKey("events.position", ondelete="CASCADE"), primary_key=True),
    Column("sink", Text, primary_key=True),
    Column("subject", Text, nullable=False),  # the event's, here so that order by subject needs no join
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("stored_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("settled_at", UtcTime),
    Column("error", Text),
)

PENDING: Final = DELIVERIES.c.state == literal_column("'pending'")
"""A literal, not a parameter: SQLite uses a partial index only where the query has the index's very condition
(https://www.sqlite.org/partialindex.html, "Queries Using Partial Indexes")."""

# The outbox is small and the history large: what waits is found without reading what is settled. The migration has the
# condition for other databases too; here it would have every command import their dialects, which takes 40 ms.
Index(
    "ix_deliveries_pending_order",
    DELIVERIES.c.sink,
    DELIVERIES.c.position,
    sqlite_where=PENDING,
)
Index(
    "ix_deliveries_pending_subject",
    DELIVERIES.c.sink,
    DELIVERIES.c.subject,
    DELIVERIES.c.position,
    sqlite_where=PENDING,
)
