"""The sink `file`: JSON lines, one event a line.

Each line is one write on a descriptor that appends, so that several processes can write to one file and none of their
lines is cut by another's. Between themselves the monitor's processes hold a lock (flock) for each line, without which
one could take the half-written line of another for a torn one. A log shipper or logrotate may rename the file or
truncate it at any time.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from monitor.domain.delivery import Message

_MODE: Final = 0o640
_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK
"""Reading is for the last byte; a FIFO that nobody reads must not hold the open."""

_REASONS: Final[Mapping[int, str]] = {
    errno.ENOENT: "no_directory",
    errno.ENOTDIR: "no_directory",
    errno.EACCES: "not_writable",
    errno.EPERM: "not_writable",
    errno.EROFS: "not_writable",
    errno.EISDIR: "not_a_file",
    errno.ENXIO: "not_a_file",
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
}
_HINTS: Final[Mapping[str, str]] = {
    "no_directory": "make the directory",
    "not_writable": "let the monitor's user write there",
    "not_a_file": "name a regular file",
    "disk_full": "free space, or raise the quota or limit",
    "io_error": "look at the disk and the file system",
}
REASONS: Final = tuple(_HINTS)
"""Why a delivery to a file can fail, in the words of the metric's label."""


@dataclass(kw_only=True)
class FileSink:
    """Appends to the file at *path*, which is made (mode 0640) when it is missing; its directory is not.

    Two with the same path are equal, so that a reload leaves the one that runs alone. Nothing is opened before the
    first message.

    Attributes:
        sync: Puts what was written to a descriptor on the disk.
    """

    path: Path
    batch: int = 500
    sync: Callable[[int], None] = field(default=os.fdatasync, compare=False, repr=False)
    _descriptor: int | None = field(default=None, init=False, compare=False, repr=False)

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        """Append a line for each message; those from the first one on that could not be written are refused.

        The lines are on the disk when this returns: the outbox forgets a delivery durably, so a line that is only in
        the page cache would be an event lost with the power. One fdatasync serves the batch.

        Raises DeliveryError, for all, when the sync failed. No refusal is permanent: whatever is wrong with a file can
        be mended.
        """
        written = 0
        failure: DeliveryError | None = None
        try:
            for message in messages:
                self._append(message.document)
                written += 1
        except OSError as error:
            failure = self._explain(error)
        if written:
            self._sync()
        return {} if failure is None else {message.position: failure for message in messages[written:]}

    def close(self) -> None:
        """Give the file back; the next message opens it again."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def _append(self, document: bytes) -> None:
        descriptor = self._current()
        with _locked(descriptor):
            _write_line(descriptor, document)

    def _current(self) -> int:
        """The descriptor of the file that has the path now; another one than before when it was renamed away."""
        if self._descriptor is not None and not _is_at(self._descriptor, self.path):
            self._sync()
            self.close()
        if self._descriptor is None:
            self._descriptor = _open(self.path)
        return self._descriptor

    def _sync(self) -> None:
        """Raises DeliveryError. After a failed sync the kernel may hold the lines for clean, so the file is left."""
        if self._descriptor is None:
            return
        try:
            self.sync(self._descriptor)
        except OSError as error:
            self.close()
            raise self._explain(error) from error

    def _explain(self, error: OSError) -> DeliveryError:
        reason = _REASONS.get(error.errno or 0, "io_error")
        said = f"cannot append to {self.path}: {error.strerror or error}; {_HINTS[reason]}"
        return DeliveryError(said, reason=reason)


def _open(path: Path) -> int:
    try:
        descriptor, new = os.open(path, _FLAGS), False
    except FileNotFoundError:
        descriptor, new = os.open(path, _FLAGS | os.O_CREAT, _MODE), True
    try:
        _check_regular(descriptor)
        if new:
            _sync_directory(path.parent)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _check_regular(descriptor: int) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(errno.EISDIR, "it is no regular file")


def _sync_directory(directory: Path) -> None:
    """Put a new file's name on the disk, without which its lines could not be found after a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(descriptor: int) -> Iterator[None]:
    """Alone among the monitor's processes; on a file system without locks, not alone."""
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)


def _write_line(descriptor: int, document: bytes) -> None:
    line = document + b"\n"
    if _is_torn(descriptor):
        line = b"\n" + line
    written = os.write(descriptor, line)
    if written < len(line):
        _take_back(descriptor, written)
        raise OSError(errno.ENOSPC, f"only {written} of {len(line)} bytes found room")


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _is_torn(descriptor: int) -> bool:
    """Whether the last line has no end: a crash, a full disk or somebody's editor left it so."""
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) not in (b"\n", b"")


def _take_back(descriptor: int, written: int) -> None:
    """Remove a part of a line, unless somebody has written after it; then the next line begins with its end."""
    end = os.lseek(descriptor, 0, os.SEEK_CUR)
    if os.fstat(descriptor).st_size == end:
        with suppress(OSError):
            os.ftruncate(descriptor, end - written)
