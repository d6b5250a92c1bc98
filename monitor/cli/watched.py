"""A project as the database has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.reachability import Reachability

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitor.cli.ports import Snapshots
    from monitor.domain.project import Project
    from monitor.domain.snapshot import Snapshot, Tracked


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is known of one project.

    Attributes:
        snapshot: None before its first complete listing.
        unreachable: It, or its account and region, was told to be unreachable and has not answered since.
        failing_since: The first failed poll of those in a row; None where none is known.
    """

    project: Project
    snapshot: Snapshot | None = None
    unreachable: bool = False
    failing_since: datetime | None = None

    @property
    def versions(self) -> list[Tracked]:
        """The versions that are told about, newest first."""
        return self.snapshot.watched(self.project) if self.snapshot else []


def read_watched(projects: Iterable[Project], state: Snapshots) -> list[Watched]:
    """What *state* knows of *projects*."""
    snapshots = {snapshot.project_arn: snapshot for snapshot in state.snapshots()}
    known = Reachability(streaks=state.streaks())
    return [_watched(project, snapshots.get(project.arn), known) for project in projects]


def _watched(project: Project, snapshot: Snapshot | None, known: Reachability) -> Watched:
    told = [streak for streak in (known.streak(project.endpoint), known.streak(project.arn)) if streak.told]
    return Watched(
        project=project,
        snapshot=snapshot,
        unreachable=bool(told),
        failing_since=min((streak.since for streak in told if streak.since), default=None),
    )
