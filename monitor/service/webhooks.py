"""From the settings of a webhook to the sink: its secret, its certificates and its proxy."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from monitor.config.secret_files import read_file
from monitor.config.sinks.webhook import NO_PROXY, check_proxy, signing_keys
from monitor.errors import ConfigError
from monitor.service.clock import utc_now
from monitor.sinks.cloudevents import Mode
from monitor.sinks.lane import tls_context
from monitor.sinks.webhook import WebhookSink
from monitor.template import compile_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.config import sinks as settings

MAX_CA_BYTES: Final = 4 * 1024 * 1024
"""Of a bundle of certificates; a Linux distribution's has a quarter of a megabyte."""


def make_webhook(sink: settings.WebhookSink) -> WebhookSink:
    """The sink that *sink* describes. Raises ConfigError for a file, or a proxy of the environment, that is no use."""
    with _told_of(sink, "secret_file"):
        keys = _keys(sink)
    with _told_of(sink, "ca_file"):
        ca = _ca(sink)
    with _told_of(sink, "proxy"):
        proxy = proxy_for(sink.url, sink.proxy)
    return WebhookSink(
        url=sink.url,
        mode=Mode(sink.mode),
        keys=keys,
        headers=dict(sink.headers),
        ca=ca,
        proxy=proxy,
        timeout=sink.timeout.total_seconds(),
        connect_timeout=sink.connect_timeout.total_seconds(),
        template=compile_template(sink.template) if sink.template is not None else None,
        content_type=sink.content_type,
        clock=utc_now,
    )


def proxy_for(url: str, setting: str | None) -> str | None:
    """The proxy to reach *url* through: the configured one, else what the environment says; None for none.

    Raises ValueError when the environment names one that is neither http nor https.
    """
    if setting is not None:
        return None if setting == NO_PROXY else setting
    parts = urlsplit(url)
    proxies = getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all")
    if not found or proxy_bypass(parts.netloc):
        return None
    try:
        return check_proxy(found if "://" in found else f"http://{found}")
    except ValueError:
        name = f"{parts.scheme}_proxy".upper()
        raise ValueError(f"the environment's ({name}, ALL_PROXY) is not an http or https URL: set one here") from None


@contextmanager
def _told_of(sink: settings.WebhookSink, setting: str) -> Iterator[None]:
    """What is wrong meanwhile is wrong with this setting."""
    try:
        yield
    except ValueError as error:
        raise ConfigError(f"sinks: {sink.name}: {setting}: {error}") from None


def _keys(sink: settings.WebhookSink) -> tuple[bytes, ...]:
    if sink.secret_file is None:
        return signing_keys(sink.secret or "")
    text = read_file(sink.secret_file)
    try:
        return signing_keys(text)
    except ValueError as error:
        raise ValueError(f"{sink.secret_file} {error}") from None


def _ca(sink: settings.WebhookSink) -> str | None:
    if sink.ca_file is None:
        return None
    text = read_file(sink.ca_file, MAX_CA_BYTES)
    try:
        tls_context(text)
    except ValueError as error:
        raise ValueError(f"{sink.ca_file} {error}") from None
    return text
