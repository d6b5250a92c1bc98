"""The answer to a scrape: pieces made when a project is published, joined when somebody asks.

A scrape costs what its bytes cost, however many projects and versions there are: nothing is computed for it but the
monitor's own few metrics.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from prometheus_client import generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from monitor.metrics.families import FAMILIES, Part
from monitor.metrics.negotiation import negotiate
from monitor.metrics.shown import show
from monitor.metrics.text import Format, headers, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric
    from prometheus_client.registry import Collector

    from monitor.metrics.shown import Shown
    from monitor.view import ProjectState

_HEADERS: Final = tuple(headers(family.about) for family in FAMILIES)
_OWN_TEXT: Final[Mapping[Format, Callable[[Collector], bytes]]] = {
    Format.TEXT: generate_latest,
    Format.OPENMETRICS: partial(generate_openmetrics, version="1.0.0"),
}


@dataclass(frozen=True, slots=True)
class _Rendered:
    """One project's lines, a piece for each of `FAMILIES`."""

    shown: Shown
    pieces: tuple[bytes, ...]


class Exposition:
    """A `monitor.view.Listener` that has the text of every project at hand.

    Of two projects with the same labels (a name that was used again in its account and region) the one created last
    is shown, and the other not at all. The order is that of the labels, so it is the same after a restart.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        """*registry* holds the monitor's own metrics; they follow those of the projects."""
        self._registry = registry
        self._rendered: dict[str, _Rendered] = {}
        self._order: tuple[str, ...] | None = ()
        self._lock = threading.Lock()

    def published(self, state: ProjectState) -> None:
        """Make again what has changed of the project."""
        arn = state.project.arn
        rendered = _render(state, self._rendered.get(arn))
        with self._lock:
            if arn not in self._rendered:
                self._order = None
            self._rendered[arn] = rendered

    def removed(self, project_arn: str) -> None:
        """Drop the project's lines."""
        with self._lock:
            self._rendered.pop(project_arn, None)
            self._order = None

    def render(self, accept: str) -> tuple[bytes, str]:
        """The exposition in the format that the Accept header *accept* asks for, and its content type."""
        wanted = negotiate(accept)
        shown = self._shown()
        chunks: list[bytes] = []
        for index, header in enumerate(_HEADERS):
            chunks.append(header.of(wanted))
            chunks.extend([rendered.pieces[index] for rendered in shown])
        chunks.append(_OWN_TEXT[wanted](_WithoutCreation(self._registry)))
        return b"".join(chunks), wanted.value

    def _shown(self) -> list[_Rendered]:
        with self._lock:
            if self._order is None:
                self._order = _in_order(rendered.shown.state for rendered in self._rendered.values())
            return [self._rendered[arn] for arn in self._order]


class _WithoutCreation:
    """A registry's metrics without the times at which their series were made: they would double the series."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if sample.name != f"{metric.name}_created"]
            yield metric


def _in_order(states: Iterable[ProjectState]) -> tuple[str, ...]:
    """The ARNs of the projects that are shown, by their labels."""
    projects = sorted((state.project for state in states), key=lambda project: (project.created_ms, project.arn))
    chosen = {(project.account_id, project.region, project.name): project.arn for project in projects}
    return tuple(arn for _, arn in sorted(chosen.items()))


def _render(state: ProjectState, before: _Rendered | None) -> _Rendered:
    if before is not None and _same_versions(before.shown.state, state):
        shown, kept = replace(before.shown, state=state), before.pieces
    else:
        shown, kept = show(state), None
    return _Rendered(
        shown,
        tuple(
            kept[index] if kept and family.part is Part.VERSIONS else lines(family.about.name, family.samples(shown))
            for index, family in enumerate(FAMILIES)
        ),
    )


def _same_versions(before: ProjectState, after: ProjectState) -> bool:
    """Whether nothing changed but by the poll; unchanged parts of a state are the same objects."""
    return (
        before.project is after.project
        and before.transitions is after.transitions
        and (before.snapshot and before.snapshot.versions) is (after.snapshot and after.snapshot.versions)
    )
