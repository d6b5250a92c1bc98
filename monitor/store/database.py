"""Transactions on the database: any number of readers, one writer at a time."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from monitor.store import sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta
    from pathlib import Path

    from sqlalchemy import Connection


class Database:
    """One file and the connections to it. Whatever fails in a transaction leaves the database as it was."""

    def __init__(self, path: Path, *, busy_timeout: timedelta) -> None:
        self.path = path
        self._reader = sqlite.make_engine(path, busy_timeout=busy_timeout)
        self._writer = self._reader.execution_options(**{sqlite.WRITES: True})
        self._turn = threading.Lock()  # threads wait here, in order of coming, rather than poll SQLite's lock

    def use_wal(self) -> None:
        """See `sqlite.use_wal`."""
        with sqlite.translated(self.path):
            sqlite.use_wal(self._reader, self.path)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and never waits for the writer."""
        with sqlite.translated(self.path), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that has the write lock from its beginning; committed when the block ends well."""
        with self._turn, sqlite.translated(self.path), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections that are not in use; the last one to close merges the write-ahead log."""
        self._reader.dispose()
