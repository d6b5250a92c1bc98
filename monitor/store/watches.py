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

    Key = tuple[str, datetime]


class Watches:
    """A `monitor.view.Listener` that remembers each project's last span. Thread-safe; nothing here waits for a disk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[str, Watch] = {}
        self._allowed: dict[str, timedelta] = {}
        self._unsaved: dict[Key, Watch] = {}

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
            last, longest = self._last.get(arn), max(allowed, self._allowed.get(arn, allowed))
            if last is None or last.ended_at < state.last_success:
                watch = self._last[arn] = looked(last, state.last_success, longest)
                self._unsaved[arn, watch.began_at] = watch
            self._allowed[arn] = allowed

    def removed(self, project_arn: str) -> None:
        """The project is watched no longer; its last span is known until it is written down."""
        with self._lock:
            self._allowed.pop(project_arn, None)
            last = self._last.get(project_arn)
            if last is not None and (project_arn, last.began_at) not in self._unsaved:
                del self._last[project_arn]

    def unsaved(self) -> dict[Key, Watch]:
        """Those that grew since they were last written down, by project and beginning."""
        with self._lock:
            return dict(self._unsaved)

    def saved(self, written: Mapping[Key, Watch]) -> None:
        """These are written down as they are; those that grew meanwhile stay to be written."""
        with self._lock:
            for key, watch in written.items():
                if self._unsaved.get(key) is watch:
                    del self._unsaved[key]
                    if key[0] not in self._allowed:
                        self._last.pop(key[0], None)

    def cut(self, before: datetime) -> None:
        """Nothing is known of the time before that any more."""
        with self._lock:
            self._last = {arn: _cut(watch, before) for arn, watch in self._last.items()}
            pending = ((arn, _cut(watch, before)) for (arn, _), watch in self._unsaved.items())
            self._unsaved = {(arn, watch.began_at): watch for arn, watch in pending if watch.ended_at >= before}

    def newest(self, project_arns: Iterable[str]) -> dict[str, list[Watch]]:
        """What is not written down yet as it is, in order of time."""
        wanted = frozenset(project_arns)
        found: defaultdict[str, list[Watch]] = defaultdict(list)
        with self._lock:
            for (arn, _), watch in self._unsaved.items():
                if arn in wanted:
                    found[arn].append(watch)
        return found


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


def overlaid(written: list[Watch], newer: Iterable[Watch], since: datetime) -> list[Watch]:
    """What is written down, with what is in memory in the place of what is older."""
    spans = {watch.began_at: watch for watch in (*written, *newer) if watch.ended_at >= since}
    return [spans[began_at] for began_at in sorted(spans)]


def write_watches(connection: Connection, watches: Mapping[Key, Watch]) -> None:
    """Store each: a new one, or the same one longer."""
    rows: list[dict[str, Any]] = [
        {"project_arn": arn, "began_at": watch.began_at, "ended_at": watch.ended_at}
        for (arn, _), watch in watches.items()
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
