"""From the settings of the sinks to the sinks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from monitor.aws.clients import ClientSettings, Role
from monitor.aws.publishing import EVENTBRIDGE, SNS, Publisher
from monitor.config import sinks as settings
from monitor.sinks import file, publishing
from monitor.sinks.eventbridge import EventBridgeSink
from monitor.sinks.file import FileSink
from monitor.sinks.log import LogSink
from monitor.sinks.sns import SnsSink

if TYPE_CHECKING:
    from monitor.aws.clients import Clients
    from monitor.aws.publishing import Service
    from monitor.config.model import Config
    from monitor.config.sinks.aws import AwsSink
    from monitor.dispatcher import Sink

REASONS: Final = tuple(dict.fromkeys((*file.REASONS, *publishing.REASONS)))
"""Why a delivery can fail, to whatever sink."""


def enabled_sinks(config: Config) -> tuple[settings.Sink, ...]:
    """The sinks that get events."""
    return tuple(sink for sink in config.sinks if sink.enabled)


def make_sink(sink: settings.Sink, clients: Clients) -> Sink:
    """The sink that the configuration describes; nothing is opened yet. *clients* makes those of AWS's services."""
    if isinstance(sink, settings.FileSink):
        return FileSink(path=Path(sink.path))
    if isinstance(sink, settings.SnsSink):
        publisher = _publisher(sink, SNS, sink.topic_arn, region=sink.region, clients=clients)
        return SnsSink(publisher=publisher, fifo=sink.fifo)
    if isinstance(sink, settings.EventBridgeSink):
        publisher = _publisher(sink, EVENTBRIDGE, sink.bus, region=sink.bus_region, clients=clients)
        return EventBridgeSink(publisher=publisher, source=sink.source)
    return LogSink(log=structlog.get_logger("monitor.sinks.log"))


def _publisher(sink: AwsSink, service: Service, target: str, *, region: str, clients: Clients) -> Publisher:
    client = ClientSettings(
        service=service.name,
        region=region,
        endpoint_url=sink.endpoint_url,
        profile=sink.profile,
        role=_role(sink),
    )
    return Publisher(service=service, target=target, settings=client, make=clients.make)


def _role(sink: AwsSink) -> Role | None:
    if sink.role_arn is None:
        return None
    return Role(
        arn=sink.role_arn,
        session_name=sink.role_session_name,
        external_id_file=Path(sink.external_id_file) if sink.external_id_file else None,
    )
