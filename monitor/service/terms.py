"""From the settings of a sink to the terms on which it is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.dispatcher import Terms
from monitor.domain.retry import RetryPolicy

if TYPE_CHECKING:
    from monitor.config import sinks as settings


def terms_of(sink: settings.Sink) -> Terms:
    """How the deliveries of *sink* are made."""
    return Terms(policy=RetryPolicy(max_attempts=sink.max_attempts, max_age=sink.max_age))
