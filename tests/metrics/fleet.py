"""A fleet with something of everything, and what is shown of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from prometheus_client import CollectorRegistry

from monitor.domain.account import Place
from monitor.domain.fault import Reason
from monitor.metrics.discoveries import Discoveries
from monitor.metrics.exposition import Exposition
from monitor.metrics.instruments import Instruments
from monitor.view import ProjectState
from tests.builders import T0, at, fault, project, project_arn, snapshot, tracked, version, version_arn

TEXT: Final = "text/plain;version=0.0.4"
OPENMETRICS: Final = "application/openmetrics-text;version=1.0.0"

SHELVES: Final = project_arn("shelves")
ADAPTERS: Final = project_arn("adapters", region="eu-west-1", account_id="444455556666", created_ms=1700000000000)


def rich_fleet() -> tuple[ProjectState, ...]:
    """Two projects that are polled, one that only ever failed, and one that has not been asked yet."""
    return (_shelves(), _adapters(), _failing(), ProjectState(project=project(project_arn("waiting"))))


def exposition_of(*states: ProjectState, registry: CollectorRegistry | None = None) -> Exposition:
    """The exposition after these were published."""
    exposition = Exposition(registry or CollectorRegistry())
    for state in states:
        exposition.published(state)
    return exposition


def text_of(*states: ProjectState) -> list[str]:
    """The lines of the text format that hold samples."""
    body, _ = exposition_of(*states).render(TEXT)
    return [line for line in body.decode().splitlines() if not line.startswith("#")]


def used_registry() -> CollectorRegistry:
    """A registry with every instrument moved once."""
    registry = CollectorRegistry()
    instruments = Instruments(registry, version="1.2.3", delivery_reasons=("refused", "timed_out"))
    instruments.sinks(["log", "audit"])
    instruments.attempted(account_id="111122223333", region="us-east-1", operation="DescribeProjectVersions")
    instruments.failed(
        account_id="111122223333", region="us-east-1", operation="DescribeProjectVersions", code="ThrottlingException"
    )
    instruments.limit(account_id="111122223333", region="us-east-1", calls_per_second=0.5)
    instruments.polled(duration=0.2, lateness=0.03)
    discoveries = Discoveries(registry)
    discoveries.discovered(_place("111122223333", "production"), projects=3, at=T0)
    discoveries.discovery_failed(_place("", "staging"), reason="credentials_refused")
    instruments.stored("rekognition.project_version.status_changed", "critical")
    instruments.commit_failed()
    instruments.delivered("log", latency=0.01)
    instruments.delivery_failed("audit", reason="timed_out")
    instruments.delivery_dead("audit")
    instruments.outbox("audit", pending=2, oldest=T0)
    instruments.reloaded(successful=True, at=T0)
    instruments.state_size(lambda: 73728)
    return registry


def golden_texts() -> dict[str, bytes]:
    """The whole answer for the rich fleet, by the name of the golden file."""
    exposition = exposition_of(*rich_fleet(), registry=used_registry())
    return {
        "fleet.txt": exposition.render(TEXT)[0],
        "fleet.openmetrics.txt": exposition.render(OPENMETRICS)[0],
    }


def _shelves() -> ProjectState:
    trained = version(
        arn=version_arn("prod.2", of=SHELVES, created_ms=1690556751958),
        status="RUNNING",
        status_message="The model is running.",
        creation_timestamp=datetime(2023, 7, 28, 15, 5, 51, 958000, UTC),
        training_end_timestamp=datetime(2023, 7, 28, 15, 33, 10, 827000, UTC),
        billable_training_time_in_seconds=1899,
        f1_score=0.8571428571428571,
        min_inference_units=1,
        max_inference_units=4,
        feature="CUSTOM_LABELS",
        base_model_version="LATEST",
    )
    strange = version(arn=version_arn("prod.1", of=SHELVES, created_ms=1690474772815), status="REFINING")
    return ProjectState(
        project=project(SHELVES, labels={"team": "vision", "note": 'a "quoted" \\ back\nslash, ünï'}),
        snapshot=snapshot(tracked(trained, since=at(-90)), tracked(strange, at_least=True), arn=SHELVES),
        transitions={("STARTING", "RUNNING"): 3, ("TRAINING_COMPLETED", "RUNNING"): 1, ("STOPPED", "REFINING"): 1},
        last_success=T0,
        interval=timedelta(seconds=30),
        polls=12,
        failures={Reason.THROTTLED: 2},
        malformed=1,
    )


def _adapters() -> ProjectState:
    adapter = version(
        arn=version_arn("strict", of=ADAPTERS, created_ms=1700000000500),
        status="COPYING_COMPLETED",
        source_project_version_arn=version_arn("strict", of=project_arn("origin"), created_ms=1690000000000),
        feature="CONTENT_MODERATION",
        base_model_version="7.0",
        confidence_threshold=0.75,
    )
    hidden = version(arn=version_arn("scratch", of=ADAPTERS, created_ms=1700000000400), status="STOPPED")
    return ProjectState(
        project=project(ADAPTERS, patterns=("strict*",)),
        snapshot=snapshot(tracked(adapter), tracked(hidden), arn=ADAPTERS),
        fault=fault(Reason.ACCESS_DENIED),
        failing_since=T0,
        last_success=at(-60),
        interval=timedelta(minutes=15),
        polls=4,
        failures={Reason.ACCESS_DENIED: 3},
    )


def _failing() -> ProjectState:
    return ProjectState(
        project=project(project_arn("deleted")),
        fault=fault(Reason.PROJECT_NOT_FOUND),
        failing_since=T0,
        interval=timedelta(minutes=5),
        polls=1,
        failures={Reason.PROJECT_NOT_FOUND: 1},
    )


def _place(account_id: str, account: str) -> Place:
    return Place(account=account, account_id=account_id, region="us-east-1")
