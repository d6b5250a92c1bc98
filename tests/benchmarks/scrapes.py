"""A scrape at many versions, against prometheus_client's `generate_latest` of the same samples."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from monitor.domain.project import parse_project
from monitor.domain.snapshot import Snapshot, Tracked
from monitor.metrics.exposition import Exposition
from monitor.view import ProjectState
from tests.benchmarks.figures import Figure, paired
from tests.builders import at, project_arn, version, version_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric

TEXT = "text/plain;version=0.0.4"


class Held:
    """A collector of ready families, so that only writing them is measured."""

    def __init__(self, text: str) -> None:
        self._families = list(text_string_to_metric_families(text))

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def measure(*, projects: int, rounds: int) -> list[Figure]:
    """*projects* of ten versions: plain and gzip."""
    exposition = Exposition(CollectorRegistry())
    for number in range(projects):
        exposition.published(_state(number))
    registry = CollectorRegistry()
    registry.register(Held(exposition.render(TEXT)[0].decode()))

    def scrape() -> None:
        exposition.render(TEXT)

    def scrape_gzip() -> None:
        gzip.compress(exposition.render(TEXT)[0], compresslevel=1)

    def generate() -> None:
        generate_latest(registry)

    name = f"scrape, {projects * 10:,} versions"
    return [
        paired(f"{name}, text", scrape, generate, rounds=rounds, goal=0.01),
        paired(f"{name}, gzip", scrape_gzip, generate, rounds=rounds),
    ]


def _state(number: int) -> ProjectState:
    project = parse_project(project_arn(f"project-{number}"))
    versions = [version(arn=version_arn(f"v{each}", of=project.arn), f1_score=0.9) for each in range(10)]
    tracked = {each.arn: Tracked(version=each, status_since=at(), at_least=False) for each in versions}
    snapshot = Snapshot(project_arn=project.arn, revision=1, seen_at=at(), versions=tracked)
    return ProjectState(project=project, snapshot=snapshot, last_success=at(), polls=1)
