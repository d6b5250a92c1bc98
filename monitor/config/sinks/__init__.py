"""The settings of the places where events go: a file for each type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from monitor.config.sinks.apprise import AppriseSink
from monitor.config.sinks.base import DEFAULT_SINK, Sink
from monitor.config.sinks.eventbridge import EventBridgeSink
from monitor.config.sinks.file import FileSink
from monitor.config.sinks.log import LogSink
from monitor.config.sinks.sns import SnsSink
from monitor.config.sinks.webhook import WebhookSink

if TYPE_CHECKING:
    from collections.abc import Mapping

AnySink = Annotated[
    LogSink | FileSink | SnsSink | EventBridgeSink | AppriseSink | WebhookSink, Field(discriminator="type")
]
SINKS: Final[Mapping[str, type[Sink]]] = {
    "log": LogSink,
    "file": FileSink,
    "sns": SnsSink,
    "eventbridge": EventBridgeSink,
    "apprise": AppriseSink,
    "webhook": WebhookSink,
}

__all__ = [
    "DEFAULT_SINK",
    "SINKS",
    "AnySink",
    "AppriseSink",
    "EventBridgeSink",
    "FileSink",
    "LogSink",
    "Sink",
    "SnsSink",
    "WebhookSink",
]
