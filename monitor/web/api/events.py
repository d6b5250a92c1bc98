"""Which events a request wants, and where it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.config.event_types import expand
from monitor.domain.events import EventType
from monitor.domain.inquiry import Inquiry
from monitor.domain.severity import Severity
from monitor.web.api import parameters
from monitor.web.api.choice import labels_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.delivery import Message
    from monitor.web.api.asked import Asked


def inquiry_of(asked: Asked) -> Inquiry:
    """The question that a request asks."""
    severity = asked.text(parameters.SEVERITY)
    return Inquiry(
        projects=asked.texts(parameters.PROJECT),
        versions=asked.texts(parameters.VERSION),
        accounts=asked.texts(parameters.ACCOUNT),
        regions=asked.texts(parameters.REGION),
        types=tuple(EventType(name) for word in asked.texts(parameters.TYPE) for name in expand(word)),
        severity=Severity.parse(severity) if severity else None,
        before_status=asked.text(parameters.FROM),
        after_status=asked.text(parameters.TO),
        labels=labels_of(asked),
        since=asked.moment(parameters.SINCE),
        until=asked.moment(parameters.UNTIL),
        text=asked.text(parameters.TEXT),
        after=asked.number(parameters.AFTER) or 0,
        before=asked.number(parameters.BEFORE),
        limit=asked.number(parameters.LIMIT) or 0,
        newest_first=asked.text(parameters.ORDER) == "newest",
    )


def next_position(inquiry: Inquiry, found: Sequence[Message]) -> int | None:
    """Where the answer after this one begins.

    The oldest first, one can always ask again: what is not stored yet comes after the last. The newest first, there is
    an end: None.
    """
    if inquiry.newest_first:
        return found[-1].position if len(found) == inquiry.limit else None
    return found[-1].position if found else inquiry.after
