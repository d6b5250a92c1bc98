"""How often each project's versions moved from each status to each other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from monitor.store.bulk import chunks
from monitor.store.sqlite import upsert
from monitor.store.tables import TRANSITIONS
from monitor.store.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

Moves = dict[tuple[str, str], int]


def read_transitions(connection: Connection, project_arns: Iterable[str]) -> dict[str, Moves]:
    """The counters of these projects, by project; projects without any are left out."""
    found: defaultdict[str, Moves] = defaultdict(dict)
    for arns in chunks(project_arns):
        for row in connection.execute(select(TRANSITIONS).where(TRANSITIONS.c.project_arn.in_(arns))):
            found[row.project_arn][row.from_status, row.to_status] = row.total
    return dict(found)


def add_transitions(connection: Connection, project_arn: str, moves: Mapping[tuple[str, str], int]) -> None:
    """Add *moves* to the counters."""
    if moves:
        rows = [
            {"project_arn": project_arn, "from_status": storable(old), "to_status": storable(new), "total": count}
            for (old, new), count in moves.items()
        ]
        connection.execute(upsert(TRANSITIONS, add="total"), rows)
