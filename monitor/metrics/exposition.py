"""The answer to a scrape: lines made when a project is published, kept in blocks, and sent as they are.

A scrape costs what its bytes cost, however many projects and versions there are: nothing is computed for it but the
blocks in which something has changed since the last one, and the monitor's own few metrics.
"""

from __future__ import annotations

import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final

from prometheus_client import generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from monitor.metrics.blocks import Blocks
from monitor.metrics.deflate import member, pack
from monitor.metrics.families import FAMILIES
from monitor.metrics.negotiation import negotiate
from monitor.metrics.projects import Projects
from monitor.metrics.text import Format, headers
from monitor.metrics.turnstile import Turnstile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric
    from prometheus_client.registry import Collector

    from monitor.metrics.blocks import Key
    from monitor.metrics.deflate import Packed
    from monitor.metrics.piece import Piece
    from monitor.view import ProjectState

_OWN_TEXT: Final[Mapping[Format, Callable[[Collector], bytes]]] = {
    Format.TEXT: generate_latest,
    Format.OPENMETRICS: partial(generate_openmetrics, version="1.0.0"),
}

_MADE_AT_ONCE: Final = 10
"""Projects for which who publishes has to wait: some ten milliseconds, with ten versions each."""


class Exposition:
    """A `monitor.view.Listener` that has the text of every project at hand.

    Of two projects with the same labels (a name that was used again in its account and region) the one created last
    is shown, and the other not at all. The order is that of the labels, so it is the same after a restart.

    Whoever publishes waits for no scrape but for a turn of a few milliseconds: what it made is taken over by the next
    one, under a lock of its own.
    """

    def __init__(self, registry: CollectorRegistry, *, current_only: bool = False) -> None:
        """*registry* holds the monitor's own metrics; they follow those of the projects.

        With *current_only* each version has one series for its status, and not one for each that there is.
        """
        self._own = _WithoutCreation(registry)
        self._headers = tuple(headers(family.about) for family in FAMILIES)
        self._packed_headers = {wanted: tuple(pack(each.of(wanted)) for each in self._headers) for wanted in Format}
        self._projects = Projects(current_only=current_only)
        self._publishing = Turnstile()
        self._blocks = tuple(Blocks() for _ in FAMILIES)
        self._scraping = threading.Lock()

    def configure(self, *, current_only: bool) -> None:
        """Show statuses so from now on."""
        with self._publishing:
            self._projects.configure(current_only=current_only)

    def published(self, state: ProjectState) -> None:
        """Make again what has changed of the project."""
        with self._publishing:
            self._projects.put(state)

    def prepare(self) -> bool:
        """Make the lines of some projects that are new, which the first scrape would make; whether some are left."""
        with self._publishing:
            return self._projects.make_some(_MADE_AT_ONCE)

    def removed(self, project_arn: str) -> None:
        """Drop the project's lines."""
        with self._publishing:
            self._projects.remove(project_arn)

    def render(self, accept: str) -> tuple[bytes, str]:
        """The exposition in the format that the Accept header *accept* asks for, and its content type."""
        parts, content_type = self.answer(accept, gzip=False)
        return b"".join(parts), content_type

    def answer(self, accept: str, *, gzip: bool) -> tuple[list[bytes], str]:
        """The same in parts, which make one gzip member if *gzip*."""
        wanted = negotiate(accept)
        own = _OWN_TEXT[wanted](self._own)
        if gzip:
            return member([*self._packed(wanted), pack(own)]), wanted.value
        return [*self._text(wanted), own], wanted.value

    def _text(self, wanted: Format) -> Iterator[bytes]:
        with self._scraping:
            changes = self._taken_changes()
            for header, blocks in zip(self._headers, self._blocks, strict=True):
                yield header.of(wanted)
                yield from blocks.text(changes.popleft())

    def _packed(self, wanted: Format) -> Iterator[Packed]:
        with self._scraping:
            changes = self._taken_changes()
            for header, blocks in zip(self._packed_headers[wanted], self._blocks, strict=True):
                yield header
                yield from blocks.packed(changes.popleft())

    def _taken_changes(self) -> deque[dict[Key, Piece]]:
        """What the blocks have to take over, for one after the other, and nobody keeps."""
        more = True
        while more:  # in turn with those who publish, who wait for a few projects at most
            with self._publishing:
                more = self._projects.make_some(_MADE_AT_ONCE)
        with self._publishing:
            return deque(self._projects.take_changes())


class _WithoutCreation:
    """A registry's metrics without the times at which their series were made: they would double the series."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if sample.name != f"{metric.name}_created"]
            yield metric
