"""Which sinks an event goes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from monitor.domain.events import EventType
from monitor.domain.project import is_version_arn, version_name
from monitor.domain.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.domain.events import Event


ABOUT_VERSIONS: Final = frozenset(
    {
        EventType.VERSION_APPEARED,
        EventType.VERSION_STATUS_CHANGED,
        EventType.VERSION_UPDATED,
        EventType.VERSION_DISAPPEARED,
    }
)
"""The types whose events are about one version."""

HIGHEST: Final[Mapping[EventType, Severity]] = {
    EventType.VERSION_APPEARED: Severity.CRITICAL,
    EventType.VERSION_STATUS_CHANGED: Severity.CRITICAL,
    EventType.VERSION_UPDATED: Severity.INFO,
    EventType.VERSION_DISAPPEARED: Severity.CRITICAL,
    EventType.PROJECT_APPEARED: Severity.INFO,
    EventType.PROJECT_DISAPPEARED: Severity.INFO,
    EventType.PROJECT_UNREACHABLE: Severity.ERROR,
    EventType.PROJECT_RECOVERED: Severity.INFO,
}
"""The highest severity that an event of each type can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What one sink wants. An empty set or tuple leaves nothing out.

    Attributes:
        projects: Patterns (`fnmatch`) of project names or ARNs. A fault of a whole account and region passes them all:
            it concerns every project there.
        versions: The same of version names or ARNs. What is about a whole project concerns all its versions: it passes.
        labels: Patterns of the values of labels, each of which the project has to have. A fault of a whole account and
            region passes.
        statuses: Words; the status that the version has now, or had last. With any, only events about versions pass.
        left: Words; the status that the version has left. With any, only changes of status pass.
    """

    sink: str
    types: frozenset[EventType] = frozenset()
    min_severity: Severity = Severity.INFO
    projects: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    statuses: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()

    def accepts(self, event: Event) -> bool:
        """Whether the sink is told of *event*."""
        return (
            event.severity >= self.min_severity
            and (not self.types or event.type in self.types)
            and (not self.statuses or (event.status is not None and event.status.word in self.statuses))
            and (not self.left or (event.move is not None and event.move.before.word in self.left))
            and self._concerns_project(event)
            and self._concerns_version(event)
        )

    def _concerns_project(self, event: Event) -> bool:
        if event.project_name is None:
            return True
        return _fits((event.project_name, event.source), self.projects) and self._has_labels(event)

    def _has_labels(self, event: Event) -> bool:
        if not self.labels:
            return True
        labels = event.document["data"]["project"].get("labels", {})
        return all(name in labels and fnmatchcase(labels[name], pattern) for name, pattern in self.labels.items())

    def _concerns_version(self, event: Event) -> bool:
        if not self.versions or not is_version_arn(event.subject):
            return True
        return _fits((version_name(event.subject), event.subject), self.versions)


def _fits(names: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns for name in names)


def sinks_for(event: Event, routes: Iterable[Route]) -> tuple[str, ...]:
    """The names of the sinks that are told of *event*, in the order of the routes."""
    return tuple(route.sink for route in routes if route.accepts(event))
