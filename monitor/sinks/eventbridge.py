"""The sink `eventbridge`: each event an event of a bus, named as AWS's own services name theirs.

Source: Amazon EventBridge API Reference, PutEvents; Amazon EventBridge User Guide, "Calculating PutEvents event entry
size".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.domain.events import EventType
from monitor.sinks.publishing import LIMIT, MOST, REASONS, Entry, Publisher, hand_over, size_of
from monitor.sinks.shortening import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.delivery import Message
    from monitor.errors import DeliveryError

__all__ = ["REASONS", "EventBridgeSink"]

_TIME: Final = 14
"""Bytes that an entry's time counts, however it is written."""

_LEAST_BELOW: Final = LIMIT - 1
"""An entry has to be smaller than the limit."""

_ARN_PARTS: Final = 6
"""arn:partition:service:region:account:resource; an account and region have no last part."""

_DETAIL_TYPES: Final[Mapping[EventType, str]] = {
    EventType.VERSION_STATUS_CHANGED: "Rekognition Project Version State Change",
}
"""As SageMaker's and the others' are called; the rest are made of the type's own words."""


@dataclass(kw_only=True)
class EventBridgeSink:
    """Puts events on one bus, as coming from *source*."""

    publisher: Publisher
    source: str
    batch: int = MOST

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        """Put *messages* on the bus; return those that EventBridge did not take, each with its own reason."""
        return hand_over(self.publisher, messages, self._compose)

    def close(self) -> None:
        """Close the connection."""
        self.publisher.close()

    def _compose(self, message: Message) -> Entry:
        named = detail_type(message.type)
        resources = resources_of(message)
        around = _TIME + size_of(self.source, named, *resources)
        detail = shorten(message.document, _LEAST_BELOW - around)
        fields = {
            "Time": message.time,
            "Source": self.source,
            "DetailType": named,
            "Resources": resources,
            "Detail": detail.decode(),
        }
        return Entry(position=message.position, fields=fields, size=around + len(detail))


def detail_type(event_type: EventType) -> str:
    """What rules call the type: `rekognition.project.unreachable` is `Rekognition Project Unreachable`."""
    words = event_type.replace(".", " ").replace("_", " ")
    return _DETAIL_TYPES.get(event_type) or words.title()


def resources_of(message: Message) -> list[str]:
    """The ARNs of the version and its project, or the project's; none for an account and region as a whole."""
    named = dict.fromkeys((message.subject, message.source))
    return [arn for arn in named if len(arn.split(":", _ARN_PARTS - 1)) == _ARN_PARTS]
