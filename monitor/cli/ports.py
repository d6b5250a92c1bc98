"""What the commands need of the database, as they need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.domain.delivery import Message, Selection
    from monitor.domain.reachability import Streak
    from monitor.domain.snapshot import Snapshot


class Snapshots(Protocol):
    def snapshots(self) -> list[Snapshot]:
        """Each project's last one."""

    def streaks(self) -> Mapping[str, Streak]:
        """The failures in a row, by project ARN or endpoint."""


class History(Protocol):
    def events(
        self,
        *,
        after: int = 0,
        limit: int = 100,
        since: datetime | None = None,
        project: str | None = None,
        newest_first: bool = False,
    ) -> list[Message]:
        """Stored events in the order of their positions, those beyond *after*; *project* is an `fnmatch` pattern."""


class Outbox(Protocol):
    def retry(self, selection: Selection) -> int:
        """Make the selected deliveries pending and due at once; how many."""

    def discard(self, selection: Selection) -> int:
        """Give the selected deliveries up; how many."""
