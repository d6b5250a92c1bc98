"""Fixtures of the tests of sinks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitor.sinks.webhook import WebhookSink
from tests.sinks.receiver import DEADLINE
from tests.sinks.webhooks import KEY, Make, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes sinks that are closed in the end. What should work has all the time that a busy machine needs."""
    made: list[WebhookSink] = []

    def sink(url: str, **settings: Any) -> WebhookSink:
        made.append(WebhookSink(url=url, **{"clock": utc_now, "timeout": DEADLINE, "keys": (KEY,), **settings}))
        return made[-1]

    yield sink
    for each in made:
        each.close()
