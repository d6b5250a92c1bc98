"""A commit as statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.diff import count_moves
from monitor.store import censuses, history, outbox, snapshots, streaks, transitions
from monitor.store.telling import logger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from monitor.domain.commit import Addressed, Commit
    from monitor.domain.events import Event
    from monitor.store.transitions import Moves


def write_commit(connection: Connection, commit: Commit) -> Moves | None:
    """Write all of *commit*; the project's counters where they changed. Raises StaleSnapshotError."""
    if commit.after is not None:
        snapshots.write_snapshot(connection, commit.before, commit.after)
    streaks.write_streaks(connection, commit.streaks)
    if commit.census is not None:
        censuses.write_census(connection, *commit.census)
    moves = count_moves(_add_events(connection, commit.events, commit.at))
    if not moves:
        return None
    arn = commit.project.arn
    transitions.add_transitions(connection, arn, moves)
    return transitions.read_transitions(connection, [arn])[arn]


def _add_events(connection: Connection, addressed: Sequence[Addressed], at: datetime) -> list[Event]:
    """The events that were not stored before."""
    if not addressed:
        return []
    positions = history.add_events(connection, [each.event for each in addressed])
    outbox.add_deliveries(connection, addressed, positions, at)
    for each in addressed:
        if each.event.id not in positions:
            logger().warning("event.known_already", id=each.event.id, subject=each.event.subject)
    return [each.event for each in addressed if each.event.id in positions]
