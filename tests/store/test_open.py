"""Which databases are opened, and what is said of the others."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitor.errors import MonitorError, StateDamagedError, StateTooNewError, StateUnavailableError, UsageError
from monitor.store import Store
from monitor.store.migrations import REVISIONS
from tests.builders import PROJECT_ARN, version
from tests.store.commits import clock, poll, url_of, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    Opened = Callable[[], Store]


ADVICE = "restore a backup, or move the file away: the monitor then starts from a baseline"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "state.url is not a URL; write sqlite:////path/to/state.db"),
        ("sqlite://", "state.url sqlite://: only a SQLite file can be used; write sqlite:////path/to/state.db"),
        (
            "postgresql://me:secret@host/db",
            "state.url postgresql://me:***@host/db: only a SQLite file can be used; write sqlite:////path/to/state.db",
        ),
        (
            "sqlite:////tmp/x?mode=ro",
            "state.url sqlite:////tmp/x?mode=ro: only a SQLite file can be used; write sqlite:////path/to/state.db",
        ),
    ],
)
def test_a_url_that_names_no_file_is_refused(url: str, message: str) -> None:
    """Without telling a password that it may hold."""
    assert (UsageError, message) == _refusal(url)


def test_a_new_database_belongs_to_its_user_alone(store: Store, path: Path) -> None:
    """Events may hold what not everybody should read; the log of writes is as private."""
    walk(store, "STOPPED", "STARTING")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert {"state.db": 0o600, "state.db-wal": 0o600, "state.db-shm": 0o600} == modes


def test_the_size_is_of_the_database_and_its_log(store: Store, path: Path) -> None:
    """What the disk has to hold."""
    walk(store, "STOPPED", "STARTING")
    assert path.stat().st_size + path.with_name("state.db-wal").stat().st_size == store.size_bytes()


def test_commits_are_synced_and_logged_ahead(store: Store) -> None:
    """WAL, FULL (2) and foreign keys are on for each connection."""
    with store._database.write() as connection:  # noqa: SLF001 - pragmas are each connection's own
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert ["wal", 2, 1] == found


def test_a_missing_directory_is_told(path: Path) -> None:
    """It is not made: nobody knows whose it should be."""
    missing = path.parent / "missing"
    expected = f"state database {missing}/state.db: there is no directory {missing}; make it"
    assert (StateUnavailableError, expected) == _refusal(url_of(missing / "state.db"))


def test_a_directory_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    """With the setting to change."""
    expected = f"state database {tmp_path} is a directory; name a file in state.url"
    assert (StateUnavailableError, expected) == _refusal(url_of(tmp_path))


def test_a_file_in_the_place_of_the_directory_is_told(path: Path) -> None:
    """As any path that the system refuses."""
    path.touch()
    expected = f"state database {path}/state.db: there is no directory {path}; make it"
    assert (StateUnavailableError, expected) == _refusal(url_of(path / "state.db"))


def test_who_only_looks_makes_no_database(path: Path) -> None:
    """`status` before the daemon's first start says so, and leaves nothing behind."""
    expected = f"there is no state database at {path} yet; the daemon makes it when it first runs"
    assert (UsageError, expected, False) == (*_refusal(url_of(path), create=False), path.exists())


def test_who_only_looks_migrates_nothing(path: Path) -> None:
    """A daemon of the older version may be running on it."""
    path.touch()
    expected = f"state database {path} is empty; start the daemon once, it migrates it"
    assert (UsageError, expected, 0) == (*_refusal(url_of(path), create=False), path.stat().st_size)


def test_who_only_looks_sees_what_a_daemon_writes(store: Store, path: Path) -> None:
    """While the daemon runs."""
    looking = Store.open(url_of(path), clock=clock, create=False)
    walk(store, "STOPPED", "STARTING")
    found = looking.snapshots(), looking.events(), looking.outbox()
    looking.close()
    assert ([store.snapshot(PROJECT_ARN)], store.events(), store.outbox()) == found


def test_an_empty_file_is_a_database_that_has_not_begun(path: Path, opened: Opened) -> None:
    """A first start that was killed leaves one."""
    path.touch()
    assert [] == opened().snapshots()


def test_a_file_emptied_under_its_log_is_damaged(path: Path) -> None:
    """SQLite would throw the log away and begin anew, in silence."""
    path.touch()
    path.with_name("state.db-wal").write_bytes(b"commits")
    assert (
        StateDamagedError,
        f"state database {path} was emptied under its write-ahead log; {ADVICE}",
    ) == _refusal(url_of(path))


@pytest.mark.parametrize("create", [True, False])
def test_a_file_that_is_no_database_is_damaged(path: Path, *, create: bool) -> None:
    """Whatever it is, it is left as it is."""
    path.write_bytes(b"garbage " * 1000)
    assert (
        StateDamagedError,
        f"state database {path}: it is damaged or not ours (SQLITE_NOTADB: file is not a database); {ADVICE}",
        b"garbage " * 1000,
    ) == (*_refusal(url_of(path), create=create), path.read_bytes())


def test_a_truncated_file_is_damaged(path: Path, opened: Opened) -> None:
    """A copy that was cut off is told at the opening."""
    _filled(opened)
    os.truncate(path, path.stat().st_size // 2)
    kind, message = _refusal(url_of(path))
    assert (StateDamagedError, True) == (kind, message.startswith(f"state database {path}: it is damaged or not ours"))


def test_a_text_that_is_not_utf_8_is_damage(path: Path, opened: Opened) -> None:
    """A page that a disk has spoiled may hold anything; the driver says this in its own way."""
    _filled(opened)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE versions SET document = CAST(x'ff' AS TEXT)")
    with pytest.raises(StateDamagedError, match=rf"it holds a text that is not UTF-8\); {ADVICE}"):
        opened().snapshots()


def test_pages_that_were_overwritten_are_damaged_where_they_are_met(path: Path, opened: Opened) -> None:
    """At the opening or at the first statement that reads them, never as a traceback of the driver's."""
    _filled(opened)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(StateDamagedError, match="SQLITE_CORRUPT"):
        opened().snapshots()


@pytest.mark.parametrize(
    ("sql", "read", "message"),
    [
        (
            "UPDATE versions SET document = '{'",
            lambda store: store.snapshots(),
            "v1/1690556751958 of versions .*JSON",
        ),
        ("UPDATE versions SET document = '{}'", lambda store: store.snapshots(), "of versions .*TypeError"),
        ("UPDATE versions SET status_since = 'x'", lambda store: store.snapshots(), "'x' is no time"),
        ("UPDATE events SET type = 'new'", lambda store: store.events(), "the row 1 of events"),
        ("UPDATE events SET severity = 9", lambda store: store.outbox(), "the row 1 of events"),
        ("DROP TABLE streaks", lambda store: store.streaks(), "no such table: streaks"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(
    store: Store, path: Path, sql: str, read: Callable[[Store], object], message: str
) -> None:
    """The table, the key, and what to do."""
    walk(store, "STOPPED", "STARTING")
    _execute(path, sql)
    with pytest.raises(StateDamagedError, match=f"{message}.*restore a backup"):
        read(store)


def test_a_database_of_a_newer_version_is_refused(path: Path, opened: Opened) -> None:
    """And left as it is."""
    opened().close()
    _execute(path, "UPDATE alembic_version SET version_num = '9999'")
    expected = (
        StateTooNewError,
        (
            f"state database {path} has revision 9999, this program knows {REVISIONS[-1]} at most;"
            " install the newer version again, or restore a backup from before it"
        ),
    )
    assert [expected, expected] == [_refusal(url_of(path)), _refusal(url_of(path), create=False)]


def test_another_programs_database_is_refused(path: Path) -> None:
    """Its tables are not ours to add to."""
    _execute(path, "CREATE TABLE bookmarks (id)")
    kind, message = _refusal(url_of(path))
    assert (StateDamagedError, True) == (kind, "it holds another program's tables" in message)


def test_a_file_that_this_user_cannot_write_is_told() -> None:
    """At the opening, before the first change of status is lost on it."""
    directory = Path(tempfile.mkdtemp())
    path = directory / "state.db"
    try:
        Store.open(url_of(path), clock=clock).close()
        path.chmod(0o444)
        directory.chmod(0o755)
        expected = f"StateUnavailableError: state database {path} cannot be written by this user; change its owner"
        assert expected == _as_somebody_else(path)
    finally:
        shutil.rmtree(directory)


def _as_somebody_else(path: Path) -> str:
    """What opening says to a user who is not root, whom no mode stops."""
    program = (
        "import os, sys; from datetime import datetime, UTC; from monitor.store import Store\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: Store.open(sys.argv[1], clock=lambda: datetime.now(UTC))\n"
        "except Exception as error: print(f'{type(error).__name__}: {error}')"
    )
    command = [sys.executable, "-c", program, url_of(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _filled(opened: Opened) -> None:
    store = opened()
    for number in range(20):
        poll(store, *(version(f"v{each}") for each in range(number + 1)))
    store.close()


def _execute(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(sql)


def _refusal(url: str, *, create: bool = True) -> tuple[type[MonitorError], str]:
    with pytest.raises(MonitorError) as caught:
        Store.open(url, clock=clock, create=create)
    return type(caught.value), str(caught.value)
