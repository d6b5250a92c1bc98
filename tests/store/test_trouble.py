"""Writes that fail for now: nothing changes, and the same write works later."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.errors import StateUnavailableError
from monitor.store import Store
from tests.builders import PROJECT_ARN, at, version
from tests.store.commits import clock, poll, prepare, url_of, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Opened = Callable[[], Store]


@pytest.fixture
def impatient(path: Path) -> Iterator[Store]:
    """A store that does not wait for another process's lock."""
    store = Store.open(url_of(path), clock=clock, busy_timeout=timedelta(0))
    yield store
    store.close()


def test_a_full_disk_stops_commits_and_nothing_else(store: Store, opened: Opened) -> None:
    """What was known stays known, in memory and on disk; with room again the same commit works."""
    walk(store, "STOPPED", "STARTING")
    before = _everything(store)
    large = prepare(store, version("v1", "RUNNING", status_message="x" * 100_000), at=at(1))
    _limit(store, 1)
    with pytest.raises(StateUnavailableError, match="no space is left on its disk"):
        store.commit(large)
    during = _everything(store), _everything(opened())
    _limit(store, 1 << 30)
    store.commit(large)
    assert ((before, before), large.after) == (during, opened().snapshot(PROJECT_ARN))


def test_a_full_disk_keeps_what_was_seen_for_the_next_saving(impatient: Store, path: Path, opened: Opened) -> None:
    """A saving that failed is made up for."""
    poll(impatient, version())
    impatient.seen(PROJECT_ARN, at(5))
    with _locked(path), pytest.raises(StateUnavailableError):
        impatient.save_seen()
    impatient.save_seen()
    restored = opened().snapshot(PROJECT_ARN)
    assert restored is not None
    assert at(5) == restored.seen_at


def test_a_lock_held_too_long_is_told(impatient: Store, path: Path) -> None:
    """Reading goes on meanwhile; afterwards the same commit works."""
    walk(impatient, "STOPPED", "STARTING")
    commit = prepare(impatient, version("v1", "RUNNING"))
    with _locked(path):
        with pytest.raises(StateUnavailableError, match="another process keeps it locked"):
            impatient.commit(commit)
        assert 1 == len(impatient.events())
    impatient.commit(commit)
    assert 2 == len(impatient.events())


def test_a_database_that_became_read_only_is_told(store: Store) -> None:
    """With what has to be whose."""
    commit = prepare(store, version())
    _pragma(store, "query_only = ON")
    with pytest.raises(StateUnavailableError, match=r"it cannot be written.*SQLITE_READONLY"):
        store.commit(commit)
    _pragma(store, "query_only = OFF")
    store.commit(commit)
    assert commit.after is store.snapshot(PROJECT_ARN)


def _limit(store: Store, pages: int) -> None:
    """Let the database grow to so many pages, as a disk would; SQLite takes no fewer than it has."""
    _pragma(store, f"max_page_count = {pages}")


def _pragma(store: Store, pragma: str) -> None:
    """On the connection that the next transaction gets: the pool gives out the one that was last given back."""
    with store._database.read() as connection:  # noqa: SLF001 - a fault of the disk, not of the store
        connection.exec_driver_sql(f"PRAGMA {pragma}")


def _locked(path: Path) -> closing[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return closing(connection)


def _everything(store: Store) -> tuple[object, ...]:
    return store.snapshot(PROJECT_ARN), dict(store.transitions(PROJECT_ARN)), store.events(), store.outbox()
