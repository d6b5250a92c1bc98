"""When each project was seen: extended in memory with every poll, written down about once a minute.

A poll costs no write of its own. What a process that is killed had not written down yet is a minute that a timeline
shows as a gap, at most, and the next process goes on with the span where the cadence explains the time between.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, select, update

from monitor.domain.seeing import Watch, looked, patience
from monitor.store.bulk import chunks
from monitor.store.sqlite import upsert
from monitor.store.tables import WATCHES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime, timedelta

    from sqlalchemy import Connection, Row

    from monitor.view import ProjectState


class Watches:
    """A `monitor.view.Listener` that remembers each project's last span. Thread-safe; nothing here waits for a disk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[str, Watch] = {}
        self._allowed: dict[str, timedelta] = {}
        self._unsaved: set[str] = set()

    def load(self, found: Mapping[str, Watch]) -> None:
        """Go on with these, where nothing was seen meanwhile."""
        with self._lock:
            self._last = {**found, **self._last}

    def published(self, state: ProjectState) -> None:
        """A poll has ended, well or not; or what is known was published without one, which is no look."""
        if not state.polls or state.fault is not None or state.last_success is None or state.interval is None:
            return
        arn, allowed = state.project.arn, patience(state.interval)
        with self._lock:
            last = self._last.get(arn)
            if last is None or last.ended_at < state.last_success:
                longest = max(allowed, self._allowed.get(arn, allowed))
                self._last[arn] = looked(last, state.last_success, longest)
                self._unsaved.add(arn)
            self._allowed[arn] = allowed

    def removed(self, project_arn: str) -> None:
        """The project is watched no longer; its last span is kept until it is written down."""
        with self._lock:
            self._allowed.pop(project_arn, None)

    def unsaved(self) -> dict[str, Watch]:
        """Those that grew since they were last written down."""
        with self._lock:
            return {arn: self._last[arn] for arn in self._unsaved}

    def saved(self, written: Mapping[str, Watch]) -> None:
        """These are written down as they are; those that grew meanwhile stay to be written."""
        with self._lock:
            done = {arn for arn, watch in written.items() if self._last.get(arn) is watch}
            self._unsaved -= done
            for arn in done - self._allowed.keys():
                del self._last[arn]

    def cut(self, before: datetime) -> None:
        """Nothing is known of the time before that any more."""
        with self._lock:
            for arn, watch in self._last.items():
                self._last[arn] = _cut(watch, before)

    def newest(self, project_arns: Iterable[str]) -> dict[str, Watch]:
        """The last span of each, newer than what is written down."""
        with self._lock:
            return {arn: self._last[arn] for arn in project_arns if arn in self._last}


def read_last(connection: Connection, project_arns: Iterable[str]) -> dict[str, Watch]:
    """The last span of each of these projects."""
    found: dict[str, Watch] = {}
    for arns in chunks(project_arns):
        latest = select(WATCHES.c.project_arn, func.max(WATCHES.c.began_at).label("began_at"))
        newest = latest.where(WATCHES.c.project_arn.in_(arns)).group_by(WATCHES.c.project_arn).subquery("newest")
        same = (newest.c.project_arn == WATCHES.c.project_arn) & (newest.c.began_at == WATCHES.c.began_at)
        found |= {row.project_arn: _watch(row) for row in connection.execute(select(WATCHES).join(newest, same))}
    return found


def read_watches(
    connection: Connection, project_arns: Collection[str], since: datetime
) -> defaultdict[str, list[Watch]]:
    """The spans of these projects that ended at *since* or later, in order of time."""
    found: defaultdict[str, list[Watch]] = defaultdict(list)
    for arns in chunks(project_arns):
        query = select(WATCHES).where(WATCHES.c.project_arn.in_(arns), WATCHES.c.ended_at >= since)
        for row in connection.execute(query.order_by(WATCHES.c.began_at)):
            found[row.project_arn].append(_watch(row))
    return found


def overlaid(written: list[Watch], newest: Watch | None, since: datetime) -> list[Watch]:
    """What is written down, with the last span as memory has it."""
    if newest is None or newest.ended_at < since:
        return written
    return [*(watch for watch in written if watch.began_at < newest.began_at), newest]


def write_watches(connection: Connection, watches: Mapping[str, Watch]) -> None:
    """Store each: a new one, or the same one longer."""
    rows: list[dict[str, Any]] = [
        {"project_arn": arn, "began_at": watch.began_at, "ended_at": watch.ended_at} for arn, watch in watches.items()
    ]
    if rows:
        connection.execute(upsert(WATCHES), rows)


def prune_watches(connection: Connection, before: datetime) -> None:
    """Remove what ended before *before*, and cut what began before it: events of that time are gone, too."""
    connection.execute(delete(WATCHES).where(WATCHES.c.ended_at < before))
    early = WATCHES.c.began_at < bindparam("cut")
    connection.execute(update(WATCHES).where(early).values(began_at=bindparam("cut")), [{"cut": before}])


def _watch(row: Row[Any]) -> Watch:
    return Watch(began_at=row.began_at, ended_at=row.ended_at)


def _cut(watch: Watch, before: datetime) -> Watch:
    return replace(watch, began_at=before) if watch.began_at < before <= watch.ended_at else watch
