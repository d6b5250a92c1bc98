"""From the settings of a sink of type `apprise` to the sink."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from monitor.config.secret_files import read_file
from monitor.errors import ConfigError, DeliveryError
from monitor.sinks.apprise import UNUSABLE, AppriseSink, Style

if TYPE_CHECKING:
    from monitor.config import sinks as settings

log = structlog.get_logger(__name__)


def make_chat(sink: settings.AppriseSink) -> AppriseSink:
    """The sink, its URL read and looked at. Raises ConfigError where apprise cannot use it; nothing is sent."""
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
        if error.reason in UNUSABLE:
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
