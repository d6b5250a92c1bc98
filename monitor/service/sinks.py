"""From the settings of the sinks to the sinks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from monitor.config import sinks as settings
from monitor.domain.events import EventType
from monitor.domain.retry import RetryPolicy
from monitor.domain.routing import Route
from monitor.domain.severity import Severity
from monitor.sinks.file import FileSink
from monitor.sinks.log import LogSink

if TYPE_CHECKING:
    from monitor.config.model import Config
    from monitor.dispatcher import Sink


def enabled_sinks(config: Config) -> tuple[settings.Sink, ...]:
    """The sinks that get events."""
    return tuple(sink for sink in config.sinks if sink.enabled)


def retry_policy(sink: settings.Sink) -> RetryPolicy:
    """How long the deliveries of *sink* are tried."""
    return RetryPolicy(max_attempts=sink.max_attempts, max_age=sink.max_age)


def make_sink(sink: settings.Sink) -> Sink:
    """The sink that the configuration describes; nothing is opened yet."""
    if isinstance(sink, settings.FileSink):
        return FileSink(path=Path(sink.path))
    return LogSink(log=structlog.get_logger("monitor.sinks.log"))


def route_of(sink: settings.Sink) -> Route:
    """Which events go to *sink*."""
    return Route(
        sink=sink.name,
        types=frozenset(EventType(each) for each in sink.types),
        min_severity=Severity.parse(sink.min_severity),
        projects=sink.projects,
        statuses=frozenset(sink.statuses),
    )
