"""One event as one line: when, how much it matters, what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from rich.text import Text

from monitor.cli.printing import print_line
from monitor.cli.styles import SEVERITIES
from monitor.cli.text import moment
from monitor.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.domain.delivery import Message
    from monitor.domain.events import Event
    from monitor.domain.severity import Severity


def message_line(message: Message) -> Text:
    """A stored event."""
    return _line(message.time, message.severity, orjson.loads(message.document)["data"])


def print_message_lines(messages: Sequence[Message]) -> None:
    """A line for each, on stdout."""
    for message in messages:
        print_line(message_line(message))


def event_line(event: Event) -> Text:
    """An event that was just made."""
    return _line(event.time, event.severity, event.document["data"])


def _line(time: datetime, severity: Severity, data: dict[str, Any]) -> Text:
    style = SEVERITIES[severity]
    line = Text(f"{moment(time)}  ", style="dim")
    line.append(f"{severity.word:<8}  ", style=f"not dim {style}")
    line.append(visible(str(data.get("summary", ""))), style=f"not dim {style}")
    said = _status_message(data)
    if said:
        line.append(f"  ({visible(said)})", style="not dim")
    return line


def _status_message(data: dict[str, Any]) -> str | None:
    """What AWS says about the status: worth reading where the status or the message changed."""
    told = "to" in data or "status_message" in (data.get("changed") or {})
    message = (data.get("version") or {}).get("status_message") if told else None
    return str(message) if message else None
