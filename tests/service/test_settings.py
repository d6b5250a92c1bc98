"""monitor.service.settings, projects and terms"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from monitor.aws.settings import AwsSettings
from monitor.config.loading import parse_config
from monitor.dispatcher import Terms
from monitor.domain.cadence import Cadence
from monitor.domain.events import EventType
from monitor.domain.retry import RetryPolicy
from monitor.domain.routing import Route
from monitor.domain.severity import Severity
from monitor.poller import PollSettings
from monitor.service.projects import projects_of, start_delays
from monitor.service.settings import aws_settings, poll_settings
from monitor.service.sinks import enabled_sinks
from monitor.service.terms import route_of, terms_of
from tests.builders import project, project_arn

if TYPE_CHECKING:
    from monitor.config.model import Config

ARN = project_arn()
FULL = f"""
poll: {{interval: 7m, transition_interval: 20s, jitter: 0.2, confirm_absence: 4, unreachable_after: 5, workers: 6}}
aws: {{max_calls_per_second: 2.5, connect_timeout: 3s, read_timeout: 9s, endpoint_url: "http://127.0.0.1:1",
      profile: watch}}
projects:
  - {{arn: "{ARN}", interval: 1m, transition_interval: 10s, versions: ["prod-*"], labels: {{team: vision}}}}
  - {{arn: "{project_arn("second")}"}}
sinks:
  - {{name: idle, type: file, path: /nowhere, enabled: false}}
  - name: audit
    type: webhook
    url: https://hooks.example.com/x
    types: [status_changed, unreachable]
    min_severity: warning
    projects: ["shop-*"]
    versions: ["prod-*"]
    labels: {{team: vision}}
    statuses: {{from: [RUNNING], to: [FAILED, STOPPING]}}
    max_attempts: 9
    max_age: 2h
    concurrency: 3
"""
AUDIT = Route(
    sink="audit",
    types=frozenset({EventType.VERSION_STATUS_CHANGED, EventType.PROJECT_UNREACHABLE}),
    min_severity=Severity.WARNING,
    projects=("shop-*",),
    versions=("prod-*",),
    labels={"team": "vision"},
    statuses=frozenset({"FAILED", "STOPPING"}),
    left=frozenset({"RUNNING"}),
)


def config(text: str = FULL) -> Config:
    return parse_config(text, name="monitor.yaml", environ={}).config


def test_how_to_poll() -> None:
    """Each setting arrives where it belongs; sinks that are off have no route, extra ones take everything."""
    assert PollSettings(
        cadence=Cadence(interval=timedelta(minutes=7), transition_interval=timedelta(seconds=20), jitter=0.2),
        confirm_absence=4,
        unreachable_after=5,
        routes=(AUDIT, Route(sink="log"), Route(sink="demo")),
    ) == poll_settings(config(), ["demo"])


def test_how_aws_is_called() -> None:
    """Each setting of `aws`, and the number of workers of `poll`."""
    assert AwsSettings(
        connect_timeout=timedelta(seconds=3),
        read_timeout=timedelta(seconds=9),
        endpoint_url="http://127.0.0.1:1",
        profile="watch",
        workers=6,
        max_calls_per_second=2.5,
        regions=("us-east-1",),
    ) == aws_settings(config())


def test_the_projects_are_those_of_the_file() -> None:
    """In its order, with everything that it says of them."""
    first = project(
        ARN,
        labels={"team": "vision"},
        patterns=("prod-*",),
        interval=timedelta(minutes=1),
        transition_interval=timedelta(seconds=10),
    )

    assert (first, project(project_arn("second"))) == projects_of(config())


def test_sinks_that_are_off_are_left_out() -> None:
    """The log is on by itself."""
    assert ["audit", "log"] == [sink.name for sink in enabled_sinks(config())]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], {}),
        (["FAILED"], {"statuses": frozenset({"FAILED"})}),
        ({"from": ["RUNNING"]}, {"left": frozenset({"RUNNING"})}),
    ],
)
def test_the_two_forms_of_statuses(statuses: Any, expected: dict[str, Any]) -> None:
    """A list is what a version has now; a mapping can say what it had."""
    given = f"statuses: {statuses}".replace("'", '"') if statuses else "enabled: true"
    text = f'projects: [{{arn: "{ARN}"}}]\nsinks: [{{name: x, type: file, path: /nowhere, {given}}}]\n'
    [sink, _] = enabled_sinks(config(text))

    assert Route(sink="x", **expected) == route_of(sink)


def test_on_what_terms_a_sink_is_served() -> None:
    """How long it is tried, and how much at once."""
    [audit, log] = enabled_sinks(config())

    assert Terms(policy=RetryPolicy(max_attempts=9, max_age=timedelta(hours=2)), concurrency=3) == terms_of(audit)
    assert Terms(policy=RetryPolicy(max_attempts=5000, max_age=timedelta(days=3))) == terms_of(log)


def test_first_polls_are_spread_within_the_budget() -> None:
    """Two calls a second in each account and region, whatever goes on in another."""
    here = [project(project_arn(name)) for name in ("a", "b", "c")]
    there = project(project_arn("d", region="eu-west-1"))
    delays = start_delays([here[0], there, *here[1:]], 2)

    assert {here[0].arn: 0.0, here[1].arn: 0.5, here[2].arn: 1.0, there.arn: 0.0} == {
        arn: delay.total_seconds() for arn, delay in delays.items()
    }
