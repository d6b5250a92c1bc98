"""Which of the fleet somebody wants to see."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from monitor.domain.events import status_severity
from monitor.domain.search import holds, words_of
from monitor.domain.severity import Severity
from monitor.domain.status import RUNNING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from monitor.domain.project import Project
    from monitor.domain.status import Status
    from monitor.domain.version import Version

GROUPS: Final[Mapping[str, Callable[[Status], bool]]] = {
    "UNDER-WAY": lambda status: status.transient,
    "FAILED-OR-EXPIRED": lambda status: status_severity(status) >= Severity.ERROR,
    "UNUSUAL": lambda status: not status.known or status_severity(status) is Severity.WARNING,
}
"""Words that stand for several statuses; those of AWS have no hyphen. A version that is RUNNING is in none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What has to hold; of conditions with several values, one of them, and every label.

    Attributes:
        text: Words that all have to occur somewhere in what is known of the version, in whatever case.
        statuses: Status words or those of `GROUPS`, in whatever case.
        accounts: Ids of accounts, or their names in the configuration.
        regions: AWS's names of them.
        labels: By name, the value that the project's label has to have.
        projects: `fnmatch` patterns of names or ARNs.
        versions: `fnmatch` patterns of names or ARNs.
    """

    text: str = ""
    statuses: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    projects: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()

    @property
    def about_versions(self) -> bool:
        """Whether a project without a version that is wanted is not wanted either."""
        return bool(self.text or self.statuses or self.versions)

    def wants_project(self, project: Project) -> bool:
        """Whether versions of *project* may be wanted."""
        return (
            _one_of(self.accounts, project.account_id, project.account)
            and _one_of(self.regions, project.region)
            and all(project.labels.get(name) == value for name, value in self.labels.items())
            and _fits(self.projects, project.name, project.arn)
        )

    def wants_version(self, project: Project, version: Version) -> bool:
        """Whether *version* of *project*, which may be wanted, is."""
        return (
            _fits(self.versions, version.name, version.arn)
            and self._wants_status(version.status)
            and _contains(self.text, project, version)
        )

    def _wants_status(self, status: Status) -> bool:
        return not self.statuses or any(_means(word.upper(), status) for word in self.statuses)


def _one_of(wanted: tuple[str, ...], *given: str) -> bool:
    return not wanted or any(each in wanted for each in given if each)


def _fits(patterns: tuple[str, ...], *given: str) -> bool:
    return not patterns or any(fnmatchcase(each, pattern) for each in given for pattern in patterns)


def _means(word: str, status: Status) -> bool:
    group = GROUPS.get(word)
    return status.word.upper() == word if group is None else status != RUNNING and group(status)


def _contains(text: str, project: Project, version: Version) -> bool:
    words = words_of(text)
    return not words or holds(_texts(project, version), words)


def _texts(project: Project, version: Version) -> Iterable[str]:
    """Everything that somebody may look for."""
    yield project.arn
    yield from (f"{name}={value}" for name, value in project.labels.items())
    yield version.arn
    yield version.status.word
    yield version.status_message or ""
    yield version.version_description or ""
    yield version.feature or ""
    yield version.base_model_version or ""
    yield version.source_project_version_arn or ""
