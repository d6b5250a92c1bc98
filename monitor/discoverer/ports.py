"""What discovery needs of the world, and its settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from monitor.domain.cadence import Cadence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.domain.account import Place
    from monitor.domain.census import Census, ProjectListing
    from monitor.domain.fault import Fault
    from monitor.domain.routing import Route
    from monitor.domain.snapshot import Snapshot


class ProjectSource(Protocol):
    """Where the lists of projects come from. Each may raise StoppingError."""

    def list_projects(self, place: Place, features: tuple[str, ...]) -> ProjectListing | Fault:
        """Every page, or what went wrong."""

    def list_tags(self, place: Place, project_arn: str) -> Mapping[str, str] | Fault:
        """The tags of a project, or what went wrong."""


class Censuses(Protocol):
    """What is remembered; `monitor.store.Store` has it."""

    def census(self, place: str) -> Census | None:
        """The last one of the place with this key, or None."""

    def snapshot(self, project_arn: str) -> Snapshot | None:
        """The last one of a project, or None."""


class DiscoveryObserver(Protocol):
    """What is counted of discoveries."""

    def discovered(self, place: Place, *, projects: int, at: datetime) -> None:
        """A discovery was complete, and found so many projects to watch."""

    def discovery_failed(self, place: Place, *, reason: str) -> None:
        """A discovery failed."""

    def place_forgotten(self, place: Place) -> None:
        """The account and region is asked no longer, or under another id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverySettings:
    """How to discover, and who is told; as `monitor.poller.PollSettings` has them."""

    cadence: Cadence = field(default_factory=Cadence)
    confirm_absence: int = 2
    unreachable_after: int = 3
    routes: tuple[Route, ...] = ()
