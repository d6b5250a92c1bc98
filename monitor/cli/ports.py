"""What the commands need of the database, as they need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.domain.delivery import DeliveryState, Message
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which deliveries are meant, in the form in which the database takes it.

    Attributes:
        sink: None for all.
        event_ids: Empty for all.
        states: Never that of delivered ones.
    """

    sink: str | None
    event_ids: tuple[str, ...]
    states: frozenset[DeliveryState]


class Outbox(Protocol):
    """The selection is `Any` here because its type belongs to a room that the commands do not know."""

    def retry(self, selection: Any) -> int:
        """Make the selected deliveries pending and due at once; how many."""

    def discard(self, selection: Any) -> int:
        """Give the selected deliveries up; how many."""
