"""Versions that are made when somebody first looks at one."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from monitor.errors import StateDamagedError
from tests.builders import PROJECT_ARN, project, project_arn, version
from tests.store.commits import poll

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from monitor.domain.snapshot import Tracked
    from monitor.store import Store

    Opened = Callable[[], Store]

NAMES = [f"v{number}" for number in range(3)]
THREADS = 8
DEADLINE = 60.0


def _damage(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE versions SET document = '{'")


def _filled(opened: Opened) -> Store:
    """A store that knows nothing yet of three versions that another one wrote."""
    poll(opened(), *(version(name) for name in NAMES))
    return opened()


def _loaded(store: Store) -> dict[str, Tracked]:
    """What a look at all versions of the project finds."""
    snapshot = store.snapshot(PROJECT_ARN)
    assert snapshot is not None
    return dict(snapshot.versions)


def test_a_load_counts_versions_without_reading_their_documents(opened: Opened, path: Path) -> None:
    """A document that cannot be read is met by the first look."""
    store = _filled(opened)
    _damage(path)
    store.load([PROJECT_ARN])
    snapshot = store.snapshot(PROJECT_ARN)
    assert snapshot is not None
    assert 3 == len(snapshot.versions)
    with pytest.raises(StateDamagedError, match=r"of versions .*restore a backup"):
        store.unfold()


def test_whoever_looks_later_sees_what_was_there_at_the_load(opened: Opened, path: Path) -> None:
    """Whatever becomes of the database meanwhile."""
    store, other = _filled(opened), opened()
    expected = _loaded(other)
    store.load([PROJECT_ARN])
    _damage(path)
    assert expected == _loaded(store)


def test_all_threads_get_the_same_versions(opened: Opened) -> None:
    """What is unchanged is known by being the same object."""
    store = _filled(opened)
    store.load([PROJECT_ARN])
    together = threading.Barrier(THREADS)

    def look() -> dict[str, Tracked]:
        together.wait(DEADLINE)
        return _loaded(store)

    with ThreadPoolExecutor(THREADS) as pool:
        found = [future.result() for future in [pool.submit(look) for _ in range(THREADS)]]
    assert 3 == len({id(tracked) for each in found for tracked in each.values()})


def test_projects_are_unfolded_some_at_a_time(opened: Opened) -> None:
    """And it is said whether more are left; one that was forgotten meanwhile is none."""
    arns = [project_arn(name) for name in "abc"]
    writing = opened()
    for arn in arns:
        poll(writing, version(arn=f"{arn.rpartition('/')[0]}/version/v1/1"), of=project(arn))
    store = opened()
    store.load(arns)
    store.forget(arns[2])
    assert [True, False, False] == [store.unfold(2), store.unfold(2), store.unfold(2)]


def test_a_project_that_is_read_alone_is_read_whole(opened: Opened, path: Path) -> None:
    """Nobody waits for it who could wait for less."""
    store = _filled(opened)
    _damage(path)
    with pytest.raises(StateDamagedError, match="of versions"):
        store.snapshot(PROJECT_ARN)
