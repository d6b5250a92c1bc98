"""Copies of the database, and taking one back."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from monitor.errors import (
    MonitorError,
    StateDamagedError,
    StateInUseError,
    StateTooNewError,
    StateUnavailableError,
    UsageError,
)
from monitor.store import StateLock, Store, back_up, restore
from tests.store.commits import clock, url_of, walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Opened = Callable[[], Store]


@pytest.fixture
def copy(path: Path) -> Path:
    """Where a backup goes."""
    return path.with_name("copy.db")


def _files(path: Path) -> set[str]:
    return {each.name for each in path.parent.iterdir()}


def _facts(store: Store) -> tuple[object, ...]:
    return store.snapshots(), store.events(), store.outbox()


def _refusal(act: Callable[[str, Path], object], url: str, file: Path) -> tuple[type[MonitorError], str]:
    with pytest.raises(MonitorError) as caught:
        act(url, file)
    return type(caught.value), str(caught.value)


def test_a_backup_is_the_database_at_one_moment(store: Store, path: Path, copy: Path) -> None:
    """Taken while the store is open, with what stands in the write-ahead log only; later writes are not in it."""
    walk(store, "STOPPED", "STARTING")
    facts = _facts(store)
    back_up(url_of(path), copy)
    walk(store, "RUNNING")
    saved = Store.open(url_of(copy), clock=clock, create=False)
    assert facts == _facts(saved)
    saved.close()


def test_a_writer_does_not_wait_for_a_backup(store: Store, path: Path, copy: Path) -> None:
    """Nor a backup for a writer that has begun and not ended: the daemon may be in the middle of a long one."""
    walk(store, "STOPPED")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM snapshots")
        back_up(url_of(path), copy)
        writer.execute("ROLLBACK")
    with closing(sqlite3.connect(copy)) as saved:
        assert [(1,)] == saved.execute("SELECT count(*) FROM snapshots").fetchall()


def test_a_backup_is_one_file_of_its_owner(store: Store, path: Path, copy: Path) -> None:
    """With no log beside it, and nothing left of the work."""
    walk(store, "STOPPED")
    before = _files(path)
    back_up(url_of(path), copy)
    assert (before | {"copy.db"}, 0o600) == (_files(path), stat.S_IMODE(copy.stat().st_mode))


def test_a_backup_overwrites_nothing(store: Store, path: Path, copy: Path) -> None:
    """The last good copy may be what is there."""
    walk(store, "STOPPED")
    copy.write_text("mine")
    expected = UsageError, f"{copy} is there already; name a file that is not"
    assert (expected, "mine") == (_refusal(back_up, url_of(path), copy), copy.read_text())


def test_a_place_that_cannot_be_written_is_told(store: Store, path: Path) -> None:
    """By its name."""
    walk(store, "STOPPED")
    target = path.parent / "missing" / "copy.db"
    expected = StateUnavailableError, f"{target} cannot be written: No such file or directory"
    assert expected == _refusal(back_up, url_of(path), target)


def test_a_damaged_database_is_no_backup(store: Store, path: Path, copy: Path) -> None:
    """A copy that nobody could restore is not kept, and does not look like one."""
    walk(store, "STOPPED", *["STARTING", "RUNNING", "STOPPING", "STOPPED"] * 20)
    store.close()
    damaged = bytearray(path.read_bytes())
    for page in range(4096, len(damaged), 4096):
        damaged[page : page + 8] = b"\xff" * 8
    path.write_bytes(damaged)
    kind, said = _refusal(back_up, url_of(path), copy)
    assert (StateDamagedError, True, False) == (kind, "restore a backup" in said, copy.exists())


def test_without_a_database_there_is_nothing_to_copy(path: Path, copy: Path) -> None:
    """And none is made."""
    expected = UsageError, f"there is no state database at {path} yet; the daemon makes it when it first runs"
    assert (expected, set()) == (_refusal(back_up, url_of(path), copy), _files(path))


def test_what_was_restored_is_what_was_saved(store: Store, path: Path, copy: Path, opened: Opened) -> None:
    """And the database that it replaced is whole beside it."""
    walk(store, "STOPPED", "STARTING")
    saved = _facts(store)
    back_up(url_of(path), copy)
    walk(store, "RUNNING")
    later = _facts(store)
    store.close()
    kept = restore(url_of(path), copy)
    assert (path.with_name("state.db.before-restore"), saved) == (kept, _facts(opened()))
    assert kept is not None
    aside = Store.open(url_of(kept), clock=clock)
    assert later == _facts(aside)
    aside.close()


def test_a_restore_needs_no_database(store: Store, path: Path, tmp_path: Path, copy: Path) -> None:
    """On another machine there is none."""
    walk(store, "STOPPED")
    back_up(url_of(path), copy)
    new = tmp_path / "new" / "state.db"
    new.parent.mkdir()
    assert restore(url_of(new), copy) is None
    moved = Store.open(url_of(new), clock=clock, create=False)
    assert _facts(store) == _facts(moved)
    moved.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root restores for another user")
def test_what_was_restored_belongs_to_the_service(store: Store, path: Path, tmp_path: Path) -> None:
    """The owner of the directory; systemd would not change it when the service starts."""
    walk(store, "STOPPED")
    back_up(url_of(path), tmp_path / "copy.db")
    state = tmp_path / "state"
    state.mkdir()
    os.chown(state, 62533, 62533)
    restore(url_of(state / "state.db"), tmp_path / "copy.db")
    assert {"state.db": 62533, "state.db.lock": 62533} == {each.name: each.stat().st_uid for each in state.iterdir()}


def test_a_damaged_database_can_be_replaced(store: Store, path: Path, copy: Path, opened: Opened) -> None:
    """It is what backups are for."""
    walk(store, "STOPPED")
    facts = _facts(store)
    back_up(url_of(path), copy)
    store.close()
    path.write_bytes(b"garbage " * 1000)
    restore(url_of(path), copy)
    assert facts == _facts(opened())


def test_a_running_daemon_keeps_its_database(store: Store, path: Path, copy: Path) -> None:
    """It would go on writing to the file that was replaced."""
    walk(store, "STOPPED")
    back_up(url_of(path), copy)
    lock = StateLock(url_of(path))
    lock.acquire()
    before = path.read_bytes()
    kind, said = _refusal(restore, url_of(path), copy)
    lock.release()
    assert (StateInUseError, True, before) == (kind, said.endswith("; stop it first"), path.read_bytes())


def test_what_is_no_backup_is_refused(store: Store, path: Path, copy: Path) -> None:
    """Before anything is moved: a file that is not there, that is empty, that is none, that is too new."""
    walk(store, "STOPPED")
    url = url_of(path)
    refused = [_refusal(restore, url, copy)]
    copy.touch()
    refused.append(_refusal(restore, url, copy))
    copy.write_bytes(b"garbage " * 1000)
    refused.append(_refusal(restore, url, copy))
    copy.unlink()
    back_up(url, copy)
    with closing(sqlite3.connect(copy)) as later, later:
        later.execute("UPDATE alembic_version SET version_num = '9999'")
    refused.append(_refusal(restore, url, copy))
    assert [UsageError, UsageError, StateDamagedError, StateTooNewError] == [kind for kind, _ in refused]
    assert (f"there is no backup at {copy}", f"state database {copy} is empty") == (refused[0][1], refused[1][1])
    assert not path.with_name("state.db.before-restore").exists()
