"""From the settings of the sinks that are services of AWS to the sinks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monitor.aws.clients import ClientSettings, Role
from monitor.aws.publishing import EVENTBRIDGE, SNS, Publisher
from monitor.config.secret_files import read_file
from monitor.errors import ConfigError
from monitor.sinks.eventbridge import EventBridgeSink
from monitor.sinks.sns import SnsSink
from monitor.template import compile_template

if TYPE_CHECKING:
    from monitor.aws.clients import Clients
    from monitor.aws.publishing import Service
    from monitor.config import sinks as settings
    from monitor.config.sinks.aws import AwsSink
    from monitor.template import Template


def make_topic(sink: settings.SnsSink, clients: Clients) -> SnsSink:
    """The sink of a topic. Raises ConfigError when the external id cannot be read."""
    publisher = _publisher(sink, SNS, sink.topic_arn, region=sink.region, clients=clients)
    return SnsSink(
        publisher=publisher,
        fifo=sink.fifo,
        template=_template(sink.template),
        subject_template=_template(sink.subject_template),
    )


def make_bus(sink: settings.EventBridgeSink, clients: Clients) -> EventBridgeSink:
    """The sink of a bus. Raises ConfigError when the external id cannot be read."""
    publisher = _publisher(sink, EVENTBRIDGE, sink.bus, region=sink.bus_region, clients=clients)
    return EventBridgeSink(publisher=publisher, source=sink.source)


def _template(text: str | None) -> Template | None:
    return None if text is None else compile_template(text)


def _publisher(sink: AwsSink, service: Service, target: str, *, region: str, clients: Clients) -> Publisher:
    client = ClientSettings(
        service=service.name,
        region=region,
        endpoint_url=sink.endpoint_url,
        profile=sink.profile,
        role=_role(sink),
        connections=sink.concurrency,
    )
    return Publisher(service=service, target=target, settings=client, make=clients.make)


def _role(sink: AwsSink) -> Role | None:
    if sink.role_arn is None:
        return None
    return Role(arn=sink.role_arn, session_name=sink.role_session_name, external_id_file=_external_id_file(sink))


def _external_id_file(sink: AwsSink) -> Path | None:
    """The file, which can be read now; what it holds then is read whenever the role is assumed anew."""
    if sink.external_id_file is None:
        return None
    try:
        read_file(sink.external_id_file)
    except ValueError as error:
        raise ConfigError(f"sinks: {sink.name}: external_id_file: {error}") from None
    return Path(sink.external_id_file)
