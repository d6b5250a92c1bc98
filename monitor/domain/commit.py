"""What one poll stores, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.domain.census import Census
    from monitor.domain.events import Event
    from monitor.domain.project import Project
    from monitor.domain.reachability import Streak
    from monitor.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """An event and the names of the sinks it is for; none means that it is history only."""

    event: Event
    sinks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """Everything that changes together.

    Attributes:
        at: The time to store events and deliveries with.
        before: The snapshot that was diffed against; the writer is stale when the stored revision is another.
        after: The snapshot to store; None where only the reachability changed.
        events: In the order they are told.
        streaks: Those whose `told` or `sequence` changed, by subject.
        census: To store under this key, that of an account and region.
    """

    project: Project
    at: datetime
    before: Snapshot | None = None
    after: Snapshot | None = None
    events: tuple[Addressed, ...] = ()
    streaks: Mapping[str, Streak] = field(default_factory=dict)
    census: tuple[str, Census] | None = None
