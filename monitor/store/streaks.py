"""The failures in a row that were told, and the sequences to go on from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select, update

from monitor.domain.project import endpoint_of
from monitor.store.rows import read_streak, streak_row
from monitor.store.sqlite import upsert
from monitor.store.tables import STREAKS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

    from monitor.domain.reachability import Streak


def read_streaks(connection: Connection) -> dict[str, Streak]:
    """Those that were told or have a sequence to go on from, by subject."""
    query = select(STREAKS).where(or_(STREAKS.c.told, STREAKS.c.sequence > 0))
    return {row.subject: read_streak(row) for row in connection.execute(query)}


def write_streaks(connection: Connection, streaks: Mapping[str, Streak]) -> None:
    """Store each in the place of the subject's last one."""
    if streaks:
        connection.execute(upsert(STREAKS), [streak_row(subject, streak) for subject, streak in streaks.items()])


def calm_streaks(connection: Connection, retained: Collection[str]) -> None:
    """End, untold, the streaks of all projects but the *retained* and of the endpoints that none of them has.

    Their sequences stay: begun again at 1, the next event would have the id of one told long ago.
    """
    kept = {*retained, *(endpoint_of(arn) for arn in retained)}
    told = connection.scalars(select(STREAKS.c.subject).where(or_(STREAKS.c.told, STREAKS.c.failures > 0)))
    rows = [{"key": subject} for subject in told if subject not in kept]
    if rows:
        calm = {"failures": 0, "since": None, "told": False}
        connection.execute(update(STREAKS).where(STREAKS.c.subject == bindparam("key")).values(calm), rows)
