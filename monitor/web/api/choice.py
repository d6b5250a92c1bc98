"""Which of the projects and versions that are shown a request is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from monitor.web.api import parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from monitor.domain.project import Project
    from monitor.domain.snapshot import Tracked
    from monitor.view import ProjectState
    from monitor.web.api.asked import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Conditions on projects and versions; of each one's values one has to fit, of the labels all.

    Attributes:
        projects: `fnmatch` patterns of names or ARNs.
        versions: The same.
        statuses: Status words.
    """

    projects: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    versions: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()

    def states(self, states: Iterable[ProjectState]) -> Iterator[ProjectState]:
        """Those whose project fits."""
        return (state for state in states if self._takes(state.project))

    def tracked(self, states: Iterable[ProjectState]) -> list[tuple[ProjectState, Tracked]]:
        """The watched versions that fit, each with its project, in the order of their ARNs."""
        found = [
            (state, tracked)
            for state in self.states(states)
            if state.snapshot is not None
            for tracked in state.snapshot.watched(state.project)
            if self._takes_version(tracked)
        ]
        return sorted(found, key=lambda pair: pair[1].version.arn)

    def _takes(self, project: Project) -> bool:
        return (
            matches(self.projects, project.name, project.arn)
            and (not self.accounts or project.account_id in self.accounts)
            and (not self.regions or project.region in self.regions)
            and all(project.labels.get(name) == value for name, value in self.labels.items())
        )

    def _takes_version(self, tracked: Tracked) -> bool:
        version = tracked.version
        return (not self.statuses or version.status.word in self.statuses) and matches(
            self.versions, version.name, version.arn
        )


def choice_of(asked: Asked, *, versions: bool) -> Choice:
    """The choice that a request makes; among *versions* too, or only among projects."""
    return Choice(
        projects=asked.texts(parameters.PROJECT),
        accounts=asked.texts(parameters.ACCOUNT),
        regions=asked.texts(parameters.REGION),
        labels=labels_of(asked),
        versions=asked.texts(parameters.VERSION) if versions else (),
        statuses=asked.texts(parameters.STATUS) if versions else (),
    )


def labels_of(asked: Asked) -> dict[str, str]:
    """The labels that a project has to have."""
    pairs = (text.partition("=") for text in asked.texts(parameters.LABEL))
    return {name: value for name, _, value in pairs}


def matches(patterns: Sequence[str], *names: str) -> bool:
    """Whether one of the names fits one of the `fnmatch` patterns; anything does when there are none."""
    return not patterns or any(fnmatchcase(name, pattern) for name in names for pattern in patterns)
