"""Polls as the store sees them: listings against what it remembers, committed."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from monitor.domain.commit import Addressed, Commit
from monitor.domain.diff import diff
from tests.builders import T0, listing, project, version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from monitor.domain.project import Project
    from monitor.domain.version import Version
    from monitor.store import Store


def url_of(path: Path) -> str:
    """The URL of a database at *path*."""
    return f"sqlite:///{path}"


def clock() -> datetime:
    """A clock that stands still."""
    return T0


def poll(
    store: Store, *versions: Version, at: datetime = T0, of: Project | None = None, sinks: tuple[str, ...] = ("log",)
) -> Commit:
    """Commit a listing of *versions* against the store's own snapshot."""
    commit = prepare(store, *versions, at=at, of=of, sinks=sinks)
    store.commit(commit)
    return commit


def prepare(
    store: Store, *versions: Version, at: datetime = T0, of: Project | None = None, sinks: tuple[str, ...] = ("log",)
) -> Commit:
    """What `poll` commits."""
    watched = of or project()
    before = store.snapshot(watched.arn)
    change = diff(watched, before, listing(*versions), at)
    events = tuple(Addressed(event=event, sinks=sinks) for event in change.events)
    return Commit(project=watched, at=at, before=before, after=change.snapshot, events=events)


def walk(store: Store, *words: str, sinks: tuple[str, ...] = ("log",), name: str = "v1") -> None:
    """One version through these statuses, the first of which is the baseline."""
    for word in words:
        poll(store, version(name, word), sinks=sinks)


@contextmanager
def written_versions(path: Path) -> Iterator[list[str]]:
    """The ARNs of the versions whose rows are written meanwhile, as the database itself notes them."""
    arns: list[str] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE written (arn)")
        for verb in ("INSERT", "UPDATE", "DELETE"):
            row = "OLD" if verb == "DELETE" else "NEW"
            connection.execute(
                f"CREATE TRIGGER on_{verb} AFTER {verb} ON versions"
                f" BEGIN INSERT INTO written VALUES ({row}.version_arn); END"
            )
        yield arns
        arns.extend(arn for (arn,) in connection.execute("SELECT arn FROM written"))
