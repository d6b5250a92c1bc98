"""Copies of the database, and taking one back. SQLite's own, as `sqlite.py` is."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from monitor.errors import StateInUseError, StateUnavailableError, UsageError
from monitor.store import schema, sqlite
from monitor.store.database import Database
from monitor.store.lock import StateLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BUSY_TIMEOUT: Final = 5.0
"""Seconds."""


def back_up(url: str, target: Path) -> None:
    """Copy the database at *url* to *target*, also while a daemon writes to it: as it is at one moment, and checked.

    The copy is one file, for its owner only, and is there whole or not at all. In one step, by SQLite's backup API: in
    the write-ahead log's mode a reader keeps nobody from writing, and a copy in several would begin again with each
    write (sqlite.org/backup.html).

    Raises UsageError when there is no database or *target* is there already, StateDamagedError, StateUnavailableError.
    """
    path = sqlite.database_path(url)
    sqlite.prepare_file(path, create=False)
    if target.exists():
        raise UsageError(f"{target} is there already; name a file that is not")
    with _partial(target) as partial:
        _copy(path, partial)
        partial.replace(target)
        _sync(target.parent)


def restore(url: str, source: Path) -> Path | None:
    """Put a copy of *source*, a backup, in the place of the database at *url*; where the database before is now.

    All of it belongs to the owner of the directory afterwards, since root restores what the service uses.

    Raises UsageError when *source* is no backup that this program can use, StateInUseError while a daemon runs,
    StateDamagedError, StateUnavailableError.
    """
    path = sqlite.database_path(url)
    if not source.is_file():
        raise UsageError(f"there is no backup at {source}")
    _refuse_unusable(source)
    with _alone(url), _partial(path) as partial:
        _copy(source, partial)
        kept = _set_aside(path)
        partial.replace(path)
        _sync(path.parent)
        _give_to_owner(path)
    return kept


def _copy(source: Path, target: Path) -> None:
    """*target* is there and empty."""
    with closing(sqlite3.connect(source, timeout=_BUSY_TIMEOUT)) as origin, closing(sqlite3.connect(target)) as copy:
        with sqlite.translated(source):
            origin.execute("PRAGMA schema_version")  # a file that is no database is refused by its own name
        with sqlite.translated(target):
            origin.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file; the daemon turns the log on again
            found = copy.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise sqlite.damaged(source, f"the copy of it is not sound: {found[0]}")
    _sync(target)


@contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """An empty file beside *target*, for this user only; removed at the end where it is still there."""
    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)  # one that a copy left which was killed
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield partial
    except OSError as error:
        raise StateUnavailableError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """While no daemon has the database."""
    lock = StateLock(url)
    if not lock.acquire():
        raise StateInUseError(f"the daemon has the database (process {lock.holder() or 'unknown'}); stop it first")
    try:
        yield
    finally:
        lock.release()


def _refuse_unusable(source: Path) -> None:
    database = Database(source, busy_timeout=timedelta(seconds=_BUSY_TIMEOUT))
    try:
        schema.examine(database)
    finally:
        database.close()


def _set_aside(path: Path) -> Path | None:
    """Give the database, with its write-ahead log, another name; the name, or None where there is none."""
    if not path.exists():
        return None
    kept = path.with_name(path.name + ".before-restore")
    sqlite.wal_path(kept).unlink(missing_ok=True)
    path.replace(kept)
    with suppress(FileNotFoundError):
        sqlite.wal_path(path).replace(sqlite.wal_path(kept))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)  # SQLite makes it anew
    return kept


def _give_to_owner(path: Path) -> None:
    if os.geteuid() == 0:
        owner = path.parent.stat()
        for each in path.parent.glob(path.name + "*"):
            os.chown(each, owner.st_uid, owner.st_gid)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
