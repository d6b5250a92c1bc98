"""What the simulator answered: the other half of the truth that a monitor is judged by."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One request and its answer."""

    at: datetime
    """When the world was looked at, after any latency."""
    operation: str
    account: str
    """Of the ARN in the request, else the caller's."""
    region: str
    project_arn: str | None
    page: int
    versions: tuple[tuple[str, str | None], ...]
    """ARN and status of each version in the answer, in its order; those without an ARN are left out."""
    fault: str | None
    """The kind of the fault that was made (`latency` too), `throttled` for the simulator's own limit, or None."""
    code: str | None
    """The error that was answered, whether by a fault or by right."""
    access_key: str
    user_agent: str
    complete: bool
    """A listing's last page, sent whole and as it should be."""
    sent: bool = True
    """It went out whole, to a client that was still there. False, as is `complete`, once it turns out otherwise."""


@dataclass(slots=True)
class Entry:
    """A place in the book, so that a record can be corrected when the sending fails."""

    served: Served

    def fail(self) -> None:
        """The answer did not get out whole."""
        self.served = replace(self.served, complete=False, sent=False)


@dataclass(slots=True)
class Records:
    """The last *keep* requests, each written down before its answer is sent: who has the answer finds the record."""

    keep: int
    _entries: deque[Entry] = field(init=False)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._entries = deque(maxlen=self.keep)

    def add(self, served: Served) -> Entry:
        entry = Entry(served)
        with self._lock:
            self._entries.append(entry)
        return entry

    def all(self) -> tuple[Served, ...]:
        with self._lock:
            return tuple(entry.served for entry in self._entries)
