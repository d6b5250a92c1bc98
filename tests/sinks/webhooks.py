"""What the tests of webhooks share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from tests.fakes_outbox import a_message, an_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.errors import DeliveryError
    from monitor.sinks.webhook import WebhookSink

A, B, C = (a_message(an_event(version), position) for position, version in enumerate("abc", start=1))
KEY: Final = b"k" * 32
OTHER: Final = b"o" * 32


def utc_now() -> datetime:
    return datetime.now(UTC)


class Make(Protocol):
    """Makes a sink for a URL, with these settings besides."""

    def __call__(self, url: str, **settings: Any) -> WebhookSink: ...


def told(refused: Mapping[int, DeliveryError]) -> dict[int, tuple[str, str]]:
    """By position, the reason and the text."""
    return {position: (error.reason, str(error)) for position, error in refused.items()}


def only(refused: Mapping[int, DeliveryError]) -> DeliveryError:
    (error,) = refused.values()
    return error
