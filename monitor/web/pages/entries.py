"""What the fleet's table has lines for: every watched version, and the projects that have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.domain.snapshot import Tracked
    from monitor.domain.version import Version
    from monitor.view import ProjectState


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    Attributes:
        tracked: None where the project has no version to show.
        f1_before: The F1 score of the version before: the next older one of the project that has one.
    """

    state: ProjectState
    tracked: Tracked | None = None
    f1_before: float | None = None

    @property
    def version(self) -> Version | None:
        """The version as AWS described it."""
        return self.tracked.version if self.tracked else None


def entries_of(states: Iterable[ProjectState]) -> list[Entry]:
    """The lines of every project: those that fail first, then by place and name; versions newest first."""
    return [entry for state in sorted(states, key=_rank) for entry in _entries(state)]


def find(states: Iterable[ProjectState], arn: str) -> Entry | None:
    """The line of the version *arn*, if it is watched."""
    for state in states:
        if state.snapshot is not None and arn in state.snapshot.versions:
            return next((entry for entry in _entries(state) if entry.version and entry.version.arn == arn), None)
    return None


def training_seconds(version: Version) -> float | None:
    """How long the training took, by AWS's own times; `creation_timestamp` is when it began."""
    if version.training_end_timestamp is None or version.creation_timestamp is None:
        return None
    return (version.training_end_timestamp - version.creation_timestamp).total_seconds()


def _rank(state: ProjectState) -> tuple[bool, str, str, str, str]:
    project = state.project
    return state.fault is None, project.account_id, project.region, project.name, project.arn


def _entries(state: ProjectState) -> Iterator[Entry]:
    watched = state.snapshot.watched(state.project) if state.snapshot else []
    if not watched:
        return iter((Entry(state),))
    return reversed(list(_oldest_first(state, watched)))


def _oldest_first(state: ProjectState, watched: list[Tracked]) -> Iterator[Entry]:
    before: float | None = None
    for tracked in reversed(watched):
        yield Entry(state, tracked, before)
        if tracked.version.f1_score is not None:
            before = tracked.version.f1_score
