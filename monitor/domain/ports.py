"""What the polls need of the world, as they need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.domain.commit import Commit
    from monitor.domain.fault import Fault
    from monitor.domain.project import Project
    from monitor.domain.snapshot import Listing, Snapshot
    from monitor.domain.version import Version


class Source(Protocol):
    """Where listings come from."""

    def list_versions(self, project: Project) -> Listing | Fault:
        """Every page, or what went wrong. Raises StoppingError when the monitor stops meanwhile."""


class State(Protocol):
    """What is remembered; `monitor.store.Store` has it."""

    def snapshot(self, project_arn: str) -> Snapshot | None:
        """The last one, or None."""

    def transitions(self, project_arn: str) -> Mapping[tuple[str, str], int]:
        """How often each pair of statuses was moved through."""

    def seen(self, project_arn: str, at: datetime, *, settled: tuple[Version, ...] | None = None) -> None:
        """A complete listing brought nothing new; *settled* is what `Snapshot.settled` is now."""


class LedgerState(Protocol):
    """Where commits go; `monitor.store.Store` is it."""

    def commit(self, commit: Commit) -> None:
        """Store everything or nothing."""


class PollObserver(Protocol):
    """What is counted of polls."""

    def polled(self, *, duration: float, lateness: float) -> None:
        """A poll ended; both in seconds."""


class LedgerObserver(Protocol):
    """What is counted of commits."""

    def stored(self, event_type: str, severity: str) -> None:
        """An event was committed."""

    def commit_failed(self) -> None:
        """A commit was refused for now."""
