"""What is accepted in the settings of sinks and looks like a mistake."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from monitor.config.problems import Problem
from monitor.config.secret_files import doubt
from monitor.config.sinks.webhook import WebhookSink

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.config.sinks.base import Sink

_OPEN_FILES: Final = frozenset({"ca_file"})
"""Settings that name files of which nothing is secret."""


def odd_files(sinks: Sequence[Sink]) -> Iterator[Problem]:
    """Files that sinks are told to read: those whose settings end with `_file`."""
    for index, sink in enumerate(sinks):
        for key in type(sink).model_fields:
            path = getattr(sink, key) if key.endswith("_file") and sink.enabled else None
            text = path and doubt(path, secret=key not in _OPEN_FILES)
            if text:
                yield Problem(path=("sinks", index, key), text=text)


def open_headers(sinks: Sequence[Sink]) -> Iterator[Problem]:
    """Headers of webhooks that anybody on the way can read."""
    for index, sink in enumerate(sinks):
        if isinstance(sink, WebhookSink) and sink.enabled and sink.headers and _is_open(sink.url):
            text = "are sent without encryption, so anybody on the way can read them: write https in url"
            yield Problem(path=("sinks", index, "headers"), text=text)


def _is_open(url: str) -> bool:
    """Whether requests leave this machine as they are."""
    parts = urlsplit(url)
    return parts.scheme.lower() == "http" and not _is_loopback(parts.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
