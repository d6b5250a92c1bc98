"""The sink `log`: a line in the monitor's own log for each event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from monitor.domain.severity import Severity
from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from structlog.typing import FilteringBoundLogger

    from monitor.domain.delivery import Message

_LEVELS: Final[Mapping[Severity, int]] = {
    Severity.INFO: 20,
    Severity.WARNING: 30,
    Severity.ERROR: 40,
    Severity.CRITICAL: 50,
}
"""The numbers of the standard library's `logging`, which structlog shares."""


@dataclass(kw_only=True)
class LogSink:
    """Writes `event.emitted` at the level of the event's severity.

    The line belongs to the log: its level filters it and nobody syncs it to a disk. Two such sinks are equal, so that a
    reload leaves the one that runs alone.
    """

    log: FilteringBoundLogger = field(compare=False, repr=False)
    batch: int = 100

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        """Write a line for each message; those from the first one on that could not be written are refused."""
        for index, message in enumerate(messages):
            try:
                self.log.log(_LEVELS[message.severity], "event.emitted", **facts(message))
            except OSError as error:
                refusal = DeliveryError(f"cannot write to the log: {error.strerror or error}", reason="io_error")
                return {refused.position: refusal for refused in messages[index:]}
        return {}

    def close(self) -> None:
        """Nothing: the log is not ours."""


def facts(message: Message) -> dict[str, Any]:
    """What the line says of the event, every text in it printable. What the event does not have is left out."""
    data = orjson.loads(message.document)["data"]
    told = {
        "id": message.id,
        "position": message.position,
        "type": str(message.type),
        "severity": message.severity.word,
        "subject": message.subject,
        "project": (data.get("project") or {}).get("name"),
        "version": (data.get("version") or {}).get("name"),
        "from": data.get("from"),
        "to": data.get("to"),
        "summary": data["summary"],
    }
    return {name: printable(value) for name, value in told.items() if value is not None}


def printable(value: str | int) -> str | int:
    """Text in which nothing ends a line, moves a cursor or turns the reading direction: AWS's text is anybody's."""
    if isinstance(value, int) or value.isprintable():
        return value
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in value)
