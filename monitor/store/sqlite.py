"""Everything that is SQLite's own: the file, the pragmas, how transactions begin, what its errors mean, the upsert.

Another database gets a file like this one; the statements elsewhere stay as they are.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, create_engine, event, make_url
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import ArgumentError, DBAPIError

from monitor.errors import StateDamagedError, StateError, StateUnavailableError, UsageError
from monitor.store.tables import RECOVERY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import timedelta

    from sqlalchemy import ColumnElement, Connection, Engine, Insert, Table

WRITES: Final = "monitor_writes"
"""The execution option of an engine whose transactions take the write lock when they begin."""

_PRAGMAS: Final = (
    # In WAL mode NORMAL does not sync each commit, so power loss can take back the last ones (sqlite.org/pragma.html,
    # "synchronous"). That is not only a resend: a sink has been told the event that took, say, sequence 7 of a version,
    # the snapshot goes back to 6, and what the version has become meanwhile is told as another fact with the id of the
    # first, which a sink that knows the id throws away. FULL syncs the WAL before a commit returns, so nothing is
    # delivered that could be taken back. Commits are rare (an unchanged poll writes nothing) and settling is in bulk.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_size_limit = 16777216",  # bytes; the WAL file shrinks again after a burst
)

_UNAVAILABLE: Final[Mapping[int, str]] = {
    sqlite3.SQLITE_FULL: "no space is left on its disk; free some, nothing else is needed",
    sqlite3.SQLITE_IOERR: "its disk failed to read or write; look at the kernel's log and the disk's health",
    sqlite3.SQLITE_BUSY: "another process keeps it locked; find it with `fuser -v` and let it end",
    sqlite3.SQLITE_LOCKED: "another connection keeps it locked; try again",
    sqlite3.SQLITE_READONLY: "it cannot be written; the file, its directory, -wal and -shm must belong to this user",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; the file, its directory, -wal and -shm must belong to this user",
    sqlite3.SQLITE_PERM: "access is refused; the file and its directory must belong to this user",
    sqlite3.SQLITE_NOMEM: "memory is exhausted; give the process more",
    sqlite3.SQLITE_NOLFS: "it is too large for its file system; lower state.keep_events or move it",
}


def database_path(url: str) -> Path:
    """The file that *url* names (`sqlite:////var/lib/x/state.db`). Raises UsageError for what names none.

    Of a link the file that it leads to, as SQLite takes it: what stands beside a database is then there once.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UsageError("state.url is not a URL; write sqlite:////path/to/state.db") from None
    name = parsed.database
    if parsed.get_backend_name() != "sqlite" or not name or name.startswith((":memory:", "file:")) or parsed.query:
        raise UsageError(f"state.url {parsed}: only a SQLite file can be used; write sqlite:////path/to/state.db")
    return Path(os.path.realpath(name) if os.path.islink(name) else name)  # noqa: PTH114 - raises nothing


def prepare_file(path: Path, *, create: bool) -> None:
    """See that the file at *path* can be opened; with *create*, make an empty one for this user only.

    An empty file is a database that has not begun: a start that was killed leaves one.

    Raises UsageError when there is none and none is to be made, StateUnavailableError when there cannot be one,
    StateDamagedError for an empty file beside a write-ahead log, which SQLite would silently throw away.
    """
    try:
        if path.is_dir():
            raise StateUnavailableError(f"state database {path} is a directory; name a file in state.url")
        if not path.exists():
            _make_file(path, create=create)
        elif create and not os.access(path, os.W_OK):
            raise StateUnavailableError(f"state database {path} cannot be written by this user; change its owner")
        elif path.stat().st_size == 0 and _size(wal_path(path)):
            raise StateDamagedError(f"state database {path} was emptied under its write-ahead log; {RECOVERY}")
    except OSError as error:
        raise StateUnavailableError(f"state database {path} cannot be opened: {error.strerror}") from error


def wal_path(path: Path) -> Path:
    """The write-ahead log beside the database."""
    return path.with_name(path.name + "-wal")


def size_bytes(path: Path) -> int:
    """What the database takes on disk, the write-ahead log included; 0 when it is not there."""
    return _size(path) + _size(wal_path(path))


def make_engine(path: Path, *, busy_timeout: timedelta) -> Engine:
    """An engine whose connections have the pragmas and begin transactions themselves.

    pysqlite would begin a transaction only before the first statement that it takes for a write, and then without the
    lock; SQLAlchemy documents this way around it (Dialects, SQLite, "Enabling Non-Legacy SQLite Transactional Modes").
    BEGIN IMMEDIATE waits for the write lock at once, where a read that turns into a write fails with SQLITE_BUSY
    without waiting.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": busy_timeout.total_seconds()},
        max_overflow=-1,  # as many readers as there are threads that read
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def use_wal(engine: Engine, path: Path) -> None:
    """Turn the write-ahead log on: readers and the writer do not wait for each other. The file remembers it.

    Raises StateUnavailableError on a file system that cannot share memory between processes.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        row = cursor.fetchone()
    finally:
        connection.close()
    if row != ("wal",):
        raise StateUnavailableError(f"state database {path} cannot have a write-ahead log; put it on a local disk")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Errors of the driver as our own, saying which database and what to do."""
    try:
        yield
    except DBAPIError as error:
        if not isinstance(error.orig, sqlite3.Error) or _is_wrong_use(error.orig):
            raise
        raise _translate(error.orig, path) from error
    except sqlite3.Error as error:
        if _is_wrong_use(error):
            raise
        raise _translate(error, path) from error


def damaged(path: Path, what: str) -> StateDamagedError:
    """The database holds *what* cannot be; with what to do."""
    return StateDamagedError(f"state database {path}: {what}; {RECOVERY}")


@cache  # building one costs more than running it
def upsert(table: Table, *, add: str | None = None) -> Insert:
    """An INSERT that updates the row that has the key already; the column *add* then grows by the new value."""
    statement = insert(table)
    keys = list(table.primary_key.columns)
    new: dict[str, ColumnElement[Any]] = {
        column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key
    }
    if add is not None:
        new[add] = table.c[add] + statement.excluded[add]
    return statement.on_conflict_do_update(index_elements=keys, set_=new)


def _make_file(path: Path, *, create: bool) -> None:
    if not create:
        raise UsageError(f"there is no state database at {path} yet; the daemon makes it when it first runs")
    if not path.parent.is_dir():
        raise StateUnavailableError(f"state database {path}: there is no directory {path.parent}; make it")
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite gives its -wal and -shm the same mode


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _set_up(connection: sqlite3.Connection, record: Any) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_wrong_use(error: sqlite3.Error) -> bool:
    """Whether it is our own mistake: those of the driver itself have no code, but for a text that is not UTF-8."""
    return not (hasattr(error, "sqlite_errorcode") or isinstance(error, sqlite3.OperationalError))


def _translate(error: sqlite3.Error, path: Path) -> StateError:
    if not hasattr(error, "sqlite_errorcode"):
        return damaged(path, "it is damaged (it holds a text that is not UTF-8)")
    what = _UNAVAILABLE.get(error.sqlite_errorcode & 0xFF)  # the low byte is the primary code (sqlite.org/rescode.html)
    if what is not None:
        return StateUnavailableError(f"state database {path}: {what} ({error.sqlite_errorname}: {error})")
    return damaged(path, f"it is damaged or not ours ({error.sqlite_errorname}: {error})")
