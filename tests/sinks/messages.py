"""Real events as sinks take them, and a publisher in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from monitor.domain.delivery import Message
from monitor.domain.events import EventType
from monitor.domain.severity import Severity
from tests.event_examples import examples

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.errors import DeliveryError


def message_of(event: Mapping[str, Any], position: int = 1) -> Message:
    """The CloudEvent *event* as a sink takes it."""
    return Message(
        position=position,
        id=event["id"],
        type=EventType(event["type"]),
        severity=Severity.parse(event["severity"]),
        source=event["source"],
        subject=event["subject"],
        time=datetime.fromisoformat(event["time"]),
        document=orjson.dumps(event),
    )


def example(event_type: EventType = EventType.VERSION_STATUS_CHANGED, **changes: Any) -> dict[str, Any]:
    """The example of that type in docs/events.md; *changes* are to members of its data."""
    event = dict(examples()[str(event_type)])
    return event | {"data": {**event["data"], **changes}}


@dataclass
class Published:
    """Keeps the calls; refuses what *refuses* says, by the entry's place among all."""

    refuses: dict[int, DeliveryError] = field(default_factory=dict)
    calls: list[Sequence[Mapping[str, Any]]] = field(default_factory=list)
    closed: bool = False

    def publish(self, entries: Sequence[Mapping[str, Any]]) -> Mapping[int, DeliveryError]:
        before = sum(map(len, self.calls))
        self.calls.append(entries)
        places = range(before, before + len(entries))
        return {place - before: self.refuses[place] for place in places if place in self.refuses}

    def close(self) -> None:
        self.closed = True

    @property
    def entries(self) -> list[Mapping[str, Any]]:
        return [entry for call in self.calls for entry in call]
