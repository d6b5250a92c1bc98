"""Snapshots in the database: read in bulk, written by difference."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, bindparam, delete, insert, select, type_coerce, update
from sqlalchemy.exc import IntegrityError

from monitor.domain.snapshot import Snapshot
from monitor.errors import StaleSnapshotError
from monitor.store.bulk import chunks
from monitor.store.folded import Folded, Sheet
from monitor.store.rows import Line, tracked_row
from monitor.store.sqlite import upsert
from monitor.store.tables import GONE_VERSIONS, SNAPSHOTS, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection, Table

    from monitor.domain.snapshot import Tracked

_ROW: Final = (
    VERSIONS.c.project_arn,
    VERSIONS.c.document,
    VERSIONS.c.version_arn,
    VERSIONS.c.rank,
    type_coerce(VERSIONS.c.status_since, BigInteger),
    VERSIONS.c.at_least,
    VERSIONS.c.sequence,
    VERSIONS.c.missed_listings,
    type_coerce(VERSIONS.c.last_seen, BigInteger),
)
"""Whose it is, its document, and what makes a `Line`: with times left as numbers until a version is made."""

_ROWS_AT_ONCE: Final = 500
"""Fewer calls of the driver, and never many documents in memory twice."""


def read_snapshots(connection: Connection, project_arns: Iterable[str]) -> dict[str, Snapshot]:
    """The stored ones of these projects, by project, their versions `Folded`. Raises StateDamagedError."""
    found: dict[str, Snapshot] = {}
    for arns in chunks(project_arns):
        versions, gone = _read_versions(connection, arns), _read_gone(connection, arns)
        for row in connection.execute(select(SNAPSHOTS).where(SNAPSHOTS.c.project_arn.in_(arns))):
            found[row.project_arn] = Snapshot(
                project_arn=row.project_arn,
                revision=row.revision,
                seen_at=row.seen_at,
                blind_before=row.blind_before,
                versions=versions.get(row.project_arn, {}),
                gone=gone.get(row.project_arn, {}),
            )
    return found


def stored_projects(connection: Connection) -> list[str]:
    """The projects that have a snapshot, in order of their ARNs."""
    return list(connection.scalars(select(SNAPSHOTS.c.project_arn).order_by(SNAPSHOTS.c.project_arn)))


def write_snapshot(connection: Connection, before: Snapshot | None, after: Snapshot) -> None:
    """Store *after* where *before* is what is stored. Raises StaleSnapshotError where it is not."""
    if before is None:
        _insert(connection, after)
        _write_versions(connection, {}, after)
        _write_gone(connection, {}, after)
        return
    _compare_and_set(connection, before, after)
    _write_versions(connection, before.versions, after)
    _write_gone(connection, before.gone, after)


def save_seen(connection: Connection, seen: Iterable[Snapshot]) -> list[str]:
    """Store when each was last seen; the projects whose stored revision is another, which are left as they are."""
    known = {each.project_arn: each for each in seen}
    rows = [{"arn": arn, "known": each.revision, "at": each.seen_at} for arn, each in known.items()]
    if not rows:
        return []
    statement = (
        update(SNAPSHOTS)
        .where(SNAPSHOTS.c.project_arn == bindparam("arn"), SNAPSHOTS.c.revision == bindparam("known"))
        .values(seen_at=bindparam("at"))
    )
    if connection.execute(statement, rows).rowcount == len(rows):
        return []
    revisions = dict(connection.execute(select(SNAPSHOTS.c.project_arn, SNAPSHOTS.c.revision)).all())
    return [arn for arn, each in known.items() if revisions.get(arn) != each.revision]


def drop_absences(connection: Connection, retained: Collection[str]) -> list[str]:
    """Begin the count of missing listings anew for all projects but the *retained*; the projects that had one.

    When the version was last seen is kept: should the project come back, its snapshot is newer than that.
    """
    waiting = select(VERSIONS.c.project_arn).where(VERSIONS.c.missed_listings > 0).distinct()
    dropped = sorted(set(connection.scalars(waiting)) - set(retained))
    rows = [{"arn": arn} for arn in dropped]
    if rows:
        of_project = VERSIONS.c.project_arn == bindparam("arn")
        connection.execute(
            update(VERSIONS).where(of_project, VERSIONS.c.missed_listings > 0).values(missed_listings=0), rows
        )
        newer = {"revision": SNAPSHOTS.c.revision + 1}  # what was read before this is stale
        connection.execute(update(SNAPSHOTS).where(SNAPSHOTS.c.project_arn == bindparam("arn")).values(newer), rows)
    return dropped


def ranks(newest_first: Iterable[str], known: Mapping[str, int]) -> dict[str, int]:
    """A rank for each, greater for newer, with as many of the *known* kept as the order allows."""
    placed: dict[str, int] = {}
    last = -1
    for arn in reversed(list(newest_first)):
        last = max(last + 1, known.get(arn, 0))
        placed[arn] = last
    return placed


def _read_versions(connection: Connection, arns: list[str]) -> Mapping[str, Mapping[str, Tracked]]:
    """Without an order by the database, which would sort the documents with the rest."""
    sheet = Sheet()
    found: defaultdict[str, list[Line]] = defaultdict(list)
    result = connection.execute(select(*_ROW).where(VERSIONS.c.project_arn.in_(arns)))
    for project_arn, document, *line in chain.from_iterable(result.partitions(_ROWS_AT_ONCE)):
        start = len(sheet.text)
        sheet.text.extend(document.encode())
        found[project_arn].append(Line(start, len(sheet.text), *line))
    return {arn: Folded(sheet, lines) for arn, lines in found.items()}


def _read_gone(connection: Connection, arns: list[str]) -> Mapping[str, dict[str, int]]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(select(GONE_VERSIONS).where(GONE_VERSIONS.c.project_arn.in_(arns))):
        found[row.project_arn][row.version_arn] = row.sequence
    return found


def _insert(connection: Connection, after: Snapshot) -> None:
    row = {
        "project_arn": after.project_arn,
        "revision": after.revision,
        "seen_at": after.seen_at,
        "blind_before": after.blind_before,
    }
    try:
        connection.execute(insert(SNAPSHOTS), row)
    except IntegrityError:
        raise _stale(after.project_arn) from None


def _compare_and_set(connection: Connection, before: Snapshot, after: Snapshot) -> None:
    statement = (
        update(SNAPSHOTS)
        .where(SNAPSHOTS.c.project_arn == after.project_arn, SNAPSHOTS.c.revision == before.revision)
        .values(revision=after.revision, seen_at=after.seen_at, blind_before=after.blind_before)
    )
    if connection.execute(statement).rowcount != 1:
        raise _stale(after.project_arn)


def _stale(project_arn: str) -> StaleSnapshotError:
    return StaleSnapshotError(f"another process committed {project_arn} meanwhile; its next poll starts from there")


def _write_versions(connection: Connection, old: Mapping[str, Tracked], after: Snapshot) -> None:
    if old is after.versions:
        return
    arn = after.project_arn
    _delete(connection, VERSIONS, arn, old.keys() - after.versions.keys())
    query = select(VERSIONS.c.version_arn, VERSIONS.c.rank).where(VERSIONS.c.project_arn == arn)
    known = dict(connection.execute(query).all())
    placed = ranks(after.versions, known)
    changed = {key: each for key, each in after.versions.items() if not _same(old.get(key), each)}
    rows = [tracked_row(arn, placed[key], tracked) for key, tracked in changed.items()]
    moved = [{"key": key, "new": rank} for key, rank in placed.items() if key not in changed and known.get(key) != rank]
    if rows:
        connection.execute(upsert(VERSIONS), rows)
    if moved:
        place = VERSIONS.c.project_arn == arn, VERSIONS.c.version_arn == bindparam("key")
        connection.execute(update(VERSIONS).where(*place).values(rank=bindparam("new")), moved)


def _same(old: Tracked | None, new: Tracked) -> bool:
    return old is new or old == new


def _write_gone(connection: Connection, old: Mapping[str, int], after: Snapshot) -> None:
    _delete(connection, GONE_VERSIONS, after.project_arn, old.keys() - after.gone.keys())
    rows: list[dict[str, Any]] = [
        {"project_arn": after.project_arn, "version_arn": arn, "sequence": sequence}
        for arn, sequence in after.gone.items()
        if old.get(arn) != sequence
    ]
    if rows:
        connection.execute(upsert(GONE_VERSIONS), rows)


def _delete(connection: Connection, table: Table, project_arn: str, version_arns: Collection[str]) -> None:
    if version_arns:
        place = table.c.project_arn == project_arn, table.c.version_arn == bindparam("key")
        connection.execute(delete(table).where(*place), [{"key": arn} for arn in version_arns])
