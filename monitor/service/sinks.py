"""From the settings of the sinks to the sinks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from monitor.config import sinks as settings
from monitor.errors import ConfigError
from monitor.service.chats import make_chat
from monitor.service.publishers import make_bus, make_topic
from monitor.service.terms import terms_of
from monitor.service.webhooks import make_webhook
from monitor.sinks import apprise, eventbridge, file, sns, webhook
from monitor.sinks.file import FileSink
from monitor.sinks.log import LogSink

if TYPE_CHECKING:
    from monitor.aws.clients import Clients
    from monitor.config.model import Config
    from monitor.dispatcher import Sink, Terms

REASONS: Final = tuple(
    dict.fromkeys((*file.REASONS, *eventbridge.REASONS, *sns.REASONS, *apprise.REASONS, *webhook.REASONS))
)
"""Why a delivery can fail, to whatever sink."""


def enabled_sinks(config: Config) -> tuple[settings.Sink, ...]:
    """The sinks that get events."""
    return tuple(sink for sink in config.sinks if sink.enabled)


def make_sinks(config: Config, clients: Clients) -> dict[str, tuple[Sink, Terms]]:
    """The enabled sinks and their terms, by name. Raises ConfigError with what is wrong with each, as `make_sink`."""
    made: dict[str, tuple[Sink, Terms]] = {}
    problems: list[str] = []
    for sink in enabled_sinks(config):
        try:
            made[sink.name] = make_sink(sink, clients), terms_of(sink)
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(*problems)
    return made


def make_sink(sink: settings.Sink, clients: Clients) -> Sink:
    """The sink that the configuration describes; nothing is opened yet. *clients* makes those of AWS's services.

    Raises ConfigError for what only this machine can tell: a file that cannot be read, or holds something else.
    """
    if isinstance(sink, settings.FileSink):
        return FileSink(path=Path(sink.path))
    if isinstance(sink, settings.SnsSink):
        return make_topic(sink, clients)
    if isinstance(sink, settings.EventBridgeSink):
        return make_bus(sink, clients)
    if isinstance(sink, settings.AppriseSink):
        return make_chat(sink)
    if isinstance(sink, settings.WebhookSink):
        return make_webhook(sink)
    return LogSink(log=structlog.get_logger("monitor.sinks.log"))
