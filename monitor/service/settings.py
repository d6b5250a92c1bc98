"""From the configuration's plain values to what each room takes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from monitor.aws.settings import AwsSettings
from monitor.config.model import FileSink as FileSinkConfig
from monitor.domain.cadence import Cadence
from monitor.domain.events import EventType
from monitor.domain.project import Project, parse_project
from monitor.domain.retry import RetryPolicy
from monitor.domain.routing import Route
from monitor.domain.severity import Severity
from monitor.poller import PollSettings
from monitor.sinks.file import FileSink
from monitor.sinks.log import LogSink

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.config.model import AnySink, Config


def projects_of(config: Config) -> tuple[Project, ...]:
    """The projects to watch, in the order of the file."""
    return tuple(
        parse_project(
            each.arn,
            labels=dict(each.labels),
            patterns=each.versions,
            interval=each.interval,
            transition_interval=each.transition_interval,
        )
        for each in config.projects
    )


def enabled_sinks(config: Config) -> tuple[AnySink, ...]:
    """The sinks that get events."""
    return tuple(sink for sink in config.sinks if sink.enabled)


def poll_settings(config: Config, extra_sinks: Iterable[str] = ()) -> PollSettings:
    """How to poll; every event goes to the *extra_sinks* too."""
    routes = (*map(_route, enabled_sinks(config)), *(Route(sink=name) for name in extra_sinks))
    return PollSettings(
        cadence=Cadence(
            interval=config.poll.interval,
            transition_interval=config.poll.transition_interval,
            jitter=config.poll.jitter,
        ),
        confirm_absence=config.poll.confirm_absence,
        unreachable_after=config.poll.unreachable_after,
        routes=routes,
    )


def aws_settings(config: Config) -> AwsSettings:
    """How AWS is called."""
    return AwsSettings(
        connect_timeout=config.aws.connect_timeout,
        read_timeout=config.aws.read_timeout,
        endpoint_url=config.aws.endpoint_url,
        profile=config.aws.profile,
        workers=config.poll.workers,
        max_calls_per_second=config.aws.max_calls_per_second,
    )


def retry_policy(sink: AnySink) -> RetryPolicy:
    """How long the deliveries of *sink* are tried."""
    return RetryPolicy(max_attempts=sink.max_attempts, max_age=sink.max_age)


def make_sink(sink: AnySink) -> LogSink | FileSink:
    """The sink that the configuration describes; nothing is opened yet."""
    if isinstance(sink, FileSinkConfig):
        return FileSink(path=Path(sink.path))
    return LogSink(log=structlog.get_logger("monitor.sinks.log"))


def start_delays(projects: Iterable[Project], calls_per_second: float) -> dict[str, timedelta]:
    """When each project is first polled: as soon as the budget of its account and region has room for it."""
    places: dict[str, int] = {}
    delays: dict[str, timedelta] = {}
    for project in projects:
        place = places.get(project.endpoint, 0)
        places[project.endpoint] = place + 1
        delays[project.arn] = timedelta(seconds=place / calls_per_second)
    return delays


def _route(sink: AnySink) -> Route:
    return Route(
        sink=sink.name,
        types=frozenset(EventType(each) for each in sink.types),
        min_severity=Severity.parse(sink.min_severity),
        projects=sink.projects,
        statuses=frozenset(sink.statuses),
    )
