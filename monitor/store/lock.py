"""One daemon, one dispatcher for each database."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from monitor.errors import StateUnavailableError
from monitor.store.sqlite import database_path

if TYPE_CHECKING:
    from pathlib import Path


class StateLock:
    """A lock on the file beside the database, held until released or until the process ends, however it ends.

    The file stays: removing it would let two processes hold locks on two files of the same name.
    """

    def __init__(self, url: str) -> None:
        """*url* is the database's. Raises UsageError as `Store.open` does."""
        path = database_path(url)
        self._path: Path = path.with_name(path.name + ".lock")
        self._file: int | None = None

    def acquire(self) -> bool:
        """Whether the lock is ours now; never waits. Raises StateUnavailableError when there can be no such file."""
        if self._file is not None:
            return True
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StateUnavailableError(f"lock file {self._path} cannot be opened: {error.strerror}") from error
        if not _lock(file):
            os.close(file)
            return False
        self._file = file
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        return True

    def release(self) -> None:
        """Let another process have it. Nothing happens when it is not held."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def holder(self) -> str | None:
        """The process id that the last holder wrote, to be told to people after `acquire` said no; None if unknown."""
        try:
            return self._path.read_text(encoding="ascii", errors="replace").strip() or None
        except OSError:
            return None


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
