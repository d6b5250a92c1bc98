"""The fleet as the database has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.domain.reachability import Reachability

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.cli.ports import Snapshots
    from monitor.domain.choice import Choice
    from monitor.domain.project import Project
    from monitor.domain.snapshot import Snapshot, Tracked
    from monitor.service.presence import Presence


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is known of one project.

    Attributes:
        snapshot: None before its first complete listing.
        unreachable: It, or its account and region, was told to be unreachable and has not answered since.
        failing_since: The first failed poll of those in a row; None where none is known.
        versions: Those that are told about and wanted, newest first.
        left_out: How many of those there was no room for.
    """

    project: Project
    snapshot: Snapshot | None = None
    versions: tuple[Tracked, ...] = ()
    left_out: int = 0
    unreachable: bool = False
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What a look at the database found.

    Attributes:
        at: When it was looked at.
        presence: Whether somebody keeps the database up to date.
        seen_at: The last complete listing of any project that may be wanted; None before the first.
        found: The projects that are wanted, in the order of the configuration.
    """

    at: datetime
    presence: Presence
    seen_at: datetime | None
    found: tuple[Watched, ...]


def look(projects: Sequence[Project], choice: Choice, state: Snapshots, presence: Presence, now: datetime) -> Fleet:
    """What *state* knows at *now* of *projects*, of which *choice* wants versions."""
    found = [_chosen(each, choice) for each in _read(projects, state)]
    return Fleet(
        at=now,
        presence=presence,
        seen_at=max((each.snapshot.seen_at for each in found if each.snapshot), default=None),
        found=tuple(each for each in found if each.versions or not choice.about_versions),
    )


def _chosen(watched: Watched, choice: Choice) -> Watched:
    if watched.snapshot is None:
        return watched
    project = watched.project
    versions = (each for each in watched.snapshot.watched(project) if choice.wants_version(project, each.version))
    return replace(watched, versions=tuple(versions))


def _read(projects: Iterable[Project], state: Snapshots) -> list[Watched]:
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
