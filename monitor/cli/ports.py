"""What the commands need of the database, as they need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from monitor.domain.census import Census
    from monitor.domain.delivery import Message, Selection
    from monitor.domain.inquiry import Inquiry
    from monitor.domain.reachability import Streak
    from monitor.domain.receipt import Receipt
    from monitor.domain.seeing import Watch
    from monitor.domain.snapshot import Snapshot
    from monitor.domain.step import Step


class Snapshots(Protocol):
    def snapshots(self) -> list[Snapshot]:
        """Each project's last one."""

    def streaks(self) -> Mapping[str, Streak]:
        """The failures in a row, by project ARN or endpoint."""


class History(Protocol):
    def events(self, inquiry: Inquiry) -> Sequence[Message]:
        """Those that are wanted."""

    def newest_position(self) -> int:
        """Where the history ends; 0 when there is none."""


class Records(History, Protocol):
    def last_seen(self) -> datetime | None:
        """The newest complete listing of any project; None before the first."""

    def about(self, subject: str, *, limit: int) -> Sequence[Message]:
        """The newest about a version, newest first."""

    def steps(self, version_arns: Collection[str], since: datetime) -> Mapping[str, Sequence[Step]]:
        """What is stored of these versions' statuses from *since* on, oldest first; nothing of those without."""

    def receipts(self, subject: str, *, limit: int) -> Sequence[Receipt]:
        """What became of the newest deliveries of events about a version, newest first."""

    def watches(self, project_arns: Collection[str], since: datetime) -> Mapping[str, Sequence[Watch]]:
        """When these projects were seen after *since*, in order."""


class State(Snapshots, Protocol):
    @property
    def records(self) -> Records:
        """The history."""

    def census(self, place: str) -> Census | None:
        """The last one of an account and region, or None."""


class Outbox(Protocol):
    def retry(self, selection: Selection) -> int:
        """Make the selected deliveries pending and due at once; how many."""

    def discard(self, selection: Selection) -> int:
        """Give the selected deliveries up; how many."""
