"""One event as one line: when, how much it matters, what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from monitor.cli.printing import print_parts
from monitor.cli.styles import SEVERITIES
from monitor.cli.table import Words
from monitor.cli.text import moment
from monitor.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.cli.table import Line
    from monitor.domain.delivery import Message
    from monitor.domain.events import Event
    from monitor.domain.severity import Severity


def message_line(message: Message) -> Line:
    """A stored event."""
    return _line(message.time, message.severity, orjson.loads(message.document)["data"])


def print_message_lines(messages: Sequence[Message]) -> None:
    """A line for each, on stdout."""
    print_parts(map(message_line, messages))


def event_line(event: Event) -> Line:
    """An event that was just made."""
    return _line(event.time, event.severity, event.document["data"])


def _line(time: datetime, severity: Severity, data: dict[str, Any]) -> Line:
    style = SEVERITIES[severity]
    summary = visible(str(data.get("summary", "")))
    line = (Words(f"{moment(time)}  ", "dim"), Words(f"{severity.word:<8}  {summary}", style))
    said = _status_message(data)
    return (*line, Words(f"  ({visible(said)})")) if said else line


def _status_message(data: dict[str, Any]) -> str | None:
    """What AWS says about the status: worth reading where the status or the message changed."""
    told = "to" in data or "status_message" in (data.get("changed") or {})
    message = (data.get("version") or {}).get("status_message") if told else None
    return str(message) if message else None
