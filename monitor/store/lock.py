"""One daemon, one dispatcher for each database."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from monitor.errors import StateUnavailableError
from monitor.store.sqlite import database_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_TRIES: Final = 5
_PAUSE: Final = 0.02
"""Seconds. Who looks whether the lock is held has it, shared with others who look, for some microseconds."""


class StateLock:
    """A lock on the file beside the database, held until released or until the process ends, however it ends.

    The file stays: removing it would let two processes hold locks on two files of the same name.
    """

    def __init__(self, url: str, *, pause: Callable[[float], None] = time.sleep) -> None:
        """*url* is the database's; *pause* waits for so many seconds. Raises UsageError as `Store.open` does."""
        path = database_path(url)
        self._path: Path = path.with_name(path.name + ".lock")
        self._file: int | None = None
        self._pause = pause

    def acquire(self) -> bool:
        """Whether the lock is ours now; gives up within a moment.

        Raises StateUnavailableError when there can be no such file.
        """
        if self._file is not None:
            return True
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StateUnavailableError(f"lock file {self._path} cannot be opened: {error.strerror}") from error
        if not self._lock_patiently(file):
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

    def held(self) -> bool | None:
        """Whether a process has it now, without taking it; None where that cannot be told.

        A lock belongs to an open file, so the answer is right across containers, and after a `kill -9`.
        """
        try:
            file = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return False
        except OSError:
            return None
        try:
            return not _lock(file, fcntl.LOCK_SH)
        finally:
            os.close(file)

    def holder(self) -> str | None:
        """The process id that the last holder wrote, to be told to people after `acquire` said no; None if unknown."""
        try:
            return self._path.read_text(encoding="ascii", errors="replace").strip() or None
        except OSError:
            return None

    def _lock_patiently(self, file: int) -> bool:
        for _ in range(_TRIES - 1):
            if _lock(file, fcntl.LOCK_EX):
                return True
            self._pause(_PAUSE)
        return _lock(file, fcntl.LOCK_EX)


def _lock(file: int, kind: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(file, kind | fcntl.LOCK_NB)
        return True
    return False
