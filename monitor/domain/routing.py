"""Which sinks an event goes to."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from monitor.domain.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.domain.events import Event, EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What one sink wants. An empty set or tuple leaves nothing out.

    Attributes:
        projects: Patterns (`fnmatch`) of project names or ARNs. A fault of a whole account and region passes them all:
            it concerns every project there.
        statuses: Words; the status that the version has now, or had last. With any, only events about versions pass.
    """

    sink: str
    types: frozenset[EventType] = frozenset()
    min_severity: Severity = Severity.INFO
    projects: tuple[str, ...] = ()
    statuses: frozenset[str] = frozenset()

    def accepts(self, event: Event) -> bool:
        """Whether the sink is told of *event*."""
        return (
            event.severity >= self.min_severity
            and (not self.types or event.type in self.types)
            and (not self.statuses or (event.status is not None and event.status.word in self.statuses))
            and self._concerns(event)
        )

    def _concerns(self, event: Event) -> bool:
        if not self.projects or event.project_name is None:
            return True
        names = (event.project_name, event.source)
        return any(fnmatchcase(name, pattern) for pattern in self.projects for name in names)


def sinks_for(event: Event, routes: Iterable[Route]) -> tuple[str, ...]:
    """The names of the sinks that are told of *event*, in the order of the routes."""
    return tuple(route.sink for route in routes if route.accepts(event))
