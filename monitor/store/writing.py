"""A commit as statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from monitor.domain.diff import count_moves
from monitor.store import history, outbox, snapshots, streaks, transitions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from monitor.domain.commit import Addressed, Commit
    from monitor.domain.events import Event
    from monitor.store.transitions import Moves

_log = structlog.get_logger(__name__)


def write_commit(connection: Connection, commit: Commit) -> Moves | None:
    """Write all of *commit*; the project's counters where they changed. Raises StaleSnapshotError."""
    if commit.after is not None:
        snapshots.write_snapshot(connection, commit.before, commit.after)
    streaks.write_streaks(connection, commit.streaks)
    moves = count_moves(_add_events(connection, commit.events, commit.at))
    if not moves:
        return None
    arn = commit.project.arn
    transitions.add_transitions(connection, arn, moves)
    return transitions.read_transitions(connection, [arn])[arn]


def _add_events(connection: Connection, events: Iterable[Addressed], at: datetime) -> list[Event]:
    """The events that were not stored before."""
    new = []
    for addressed in events:
        position = history.add_event(connection, addressed.event)
        if position is not None:
            outbox.add_deliveries(connection, position, addressed.event.subject, addressed.sinks, at)
            new.append(addressed.event)
        else:
            _log.warning("event.known_already", id=addressed.event.id, subject=addressed.event.subject)
    return new
