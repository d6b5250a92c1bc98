"""From the settings of a sink to what it is told, and on what terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.config.sinks.base import PeopleSink
from monitor.config.sinks.parts import StatusMoves, quiet_windows
from monitor.dispatcher import Terms
from monitor.domain.events import EventType
from monitor.domain.flapping import FlappingPolicy
from monitor.domain.retry import RetryPolicy
from monitor.domain.routing import Route
from monitor.domain.severity import Severity

if TYPE_CHECKING:
    from monitor.config import sinks as settings


def route_of(sink: settings.Sink) -> Route:
    """Which events go to *sink*."""
    given = sink.statuses
    moves = given if isinstance(given, StatusMoves) else StatusMoves.model_construct(before=(), after=given)
    return Route(
        sink=sink.name,
        types=frozenset(EventType(each) for each in sink.types),
        min_severity=Severity.parse(sink.min_severity),
        projects=sink.projects,
        versions=sink.versions,
        labels=sink.labels,
        statuses=frozenset(moves.after),
        left=frozenset(moves.before),
    )


def terms_of(sink: settings.Sink) -> Terms:
    """How the deliveries of *sink* are made."""
    return Terms(
        policy=RetryPolicy(max_attempts=sink.max_attempts, max_age=sink.max_age),
        concurrency=sink.concurrency,
        quiet=quiet_windows(sink.quiet),
        flapping=_flapping(sink),
    )


def _flapping(sink: settings.Sink) -> FlappingPolicy | None:
    if not isinstance(sink, PeopleSink) or sink.flapping is None:
        return None
    given = sink.flapping
    return FlappingPolicy(changes=given.changes, within=given.within, longest=given.longest)
