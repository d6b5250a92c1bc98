"""From the settings of the sinks to the sinks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from monitor.config import sinks as settings
from monitor.config.secret_files import read_file
from monitor.errors import ConfigError, DeliveryError
from monitor.service.publishers import make_bus, make_topic
from monitor.service.terms import terms_of
from monitor.service.webhooks import make_webhook
from monitor.sinks import apprise, file, publishing, webhook
from monitor.sinks.apprise import AppriseSink, Style
from monitor.sinks.file import FileSink
from monitor.sinks.log import LogSink

if TYPE_CHECKING:
    from monitor.aws.clients import Clients
    from monitor.config.model import Config
    from monitor.dispatcher import Sink, Terms

log = structlog.get_logger(__name__)

REASONS: Final = tuple(dict.fromkeys((*file.REASONS, *publishing.REASONS, *apprise.REASONS, *webhook.REASONS)))
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
        return _apprise(sink)
    if isinstance(sink, settings.WebhookSink):
        return make_webhook(sink)
    return LogSink(log=structlog.get_logger("monitor.sinks.log"))


def _apprise(sink: settings.AppriseSink) -> AppriseSink:
    style = Style(
        markdown=None if sink.format is None else sink.format == "markdown",
        longest=sink.max_length,
        title_template=sink.title_template,
        template=sink.template,
    )
    made = AppriseSink(url=_service_url(sink), style=style, timeout=sink.timeout.total_seconds())
    try:
        made.check()
    except DeliveryError as error:
        if error.reason in apprise.UNUSABLE:
            raise ConfigError(f"sinks: {sink.name}: {error}") from None
        log.warning("sink.unchecked", sink=sink.name, error=str(error))
    return made


def _service_url(sink: settings.AppriseSink) -> str:
    if sink.service_url_file is None:
        return sink.service_url or ""
    try:
        return read_file(sink.service_url_file)
    except ValueError as error:
        raise ConfigError(f"sinks: {sink.name}: service_url_file: {error}") from None
