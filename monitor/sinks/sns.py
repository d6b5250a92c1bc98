"""The sink `sns`: each event a message of a topic, with attributes that subscriptions can filter by.

Source: Amazon SNS API Reference, Publish and PublishBatch; Amazon SNS Developer Guide, "Message attributes".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import orjson

from monitor.errors import DeliveryError
from monitor.sinks import publishing
from monitor.sinks.publishing import LIMIT, MOST, Entry, Publisher, hand_over, size_of
from monitor.sinks.shortening import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.delivery import Message
    from monitor.template import Template

_TEMPLATE_FAILED: Final = "template_failed"

REASONS: Final = (*publishing.REASONS, _TEMPLATE_FAILED)

_LONGEST_SUBJECT: Final = 99
"""Characters: "less than 100"."""

_LONGEST_GROUP: Final = 128
"""Characters of a MessageGroupId."""

_LONGEST_ATTRIBUTE: Final = 256
"""Characters; ours, for a text of AWS's that would take the message's room."""

_NOT_IN_A_SUBJECT: Final = re.compile(r"[^\x20-\x7e]+")
_FIT_FOR_XML: Final = {0xFFFE: "\N{REPLACEMENT CHARACTER}", 0xFFFF: "\N{REPLACEMENT CHARACTER}"}
"""What JSON may hold as it is, and the XML in which SNS and SQS hand it on may not; of the same size in UTF-8."""


@dataclass(kw_only=True)
class SnsSink:
    """Publishes to one topic; a FIFO topic keeps the order of each version and drops what it got twice in 5 minutes.

    Attributes:
        template, subject_template: Make the message and its subject, instead of the CloudEvent and our own words.
    """

    publisher: Publisher
    fifo: bool
    template: Template | None = None
    subject_template: Template | None = None
    batch: int = MOST

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        """Publish *messages*; return those that SNS did not take, each with its own reason."""
        return hand_over(self.publisher, messages, self._compose)

    def close(self) -> None:
        """Close the connection."""
        self.publisher.close()

    def _compose(self, message: Message) -> Entry:
        event = orjson.loads(message.document)
        values = attributes(event)
        subject = self._subject(event)
        around = size_of(subject, *(text for name, value in values.items() for text in (name, "String", value)))
        body = self._body(message, event, LIMIT - around).translate(_FIT_FOR_XML)
        fields: dict[str, Any] = {
            "Message": body,
            "Subject": subject,
            "MessageAttributes": {name: {"DataType": "String", "StringValue": value} for name, value in values.items()},
        }
        if self.fifo:
            fields |= {"MessageGroupId": group_of(message.subject), "MessageDeduplicationId": message.id}
        return Entry(position=message.position, fields=fields, size=around + size_of(body))

    def _subject(self, event: Mapping[str, Any]) -> str:
        if self.subject_template is None:
            return subject_of(event)
        return fit_for_subject(_rendered(self.subject_template, event)) or subject_of(event)

    def _body(self, message: Message, event: Mapping[str, Any], room: int) -> str:
        if self.template is None:
            return shorten(message.document, room).decode()
        body = _rendered(self.template, event)
        if size_of(body) > room:
            raise ValueError(f"the template makes more than the {room} bytes that are left for the message")
        if not body:
            raise _template_failed("it makes no text")
        return body


def attributes(event: Mapping[str, Any]) -> dict[str, str]:
    """What subscriptions can filter by. What the event does not have is left out: an empty attribute is refused."""
    data = event["data"]
    values = {
        "type": event["type"],
        "severity": event["severity"],
        "status": (data.get("version") or {}).get("status"),
        "project": (data.get("project") or {}).get("name"),
        "account_id": data.get("account_id"),
        "region": data.get("region"),
    }
    return {name: _printable(value)[:_LONGEST_ATTRIBUTE] for name, value in values.items() if value}


def subject_of(event: Mapping[str, Any]) -> str:
    """The line that e-mail shows: printable ASCII that begins with punctuation, less than 100 characters."""
    return fit_for_subject(f"[{event['severity']}] {event['data']['summary']}")


def fit_for_subject(text: str) -> str:
    """*text* as SNS takes a subject: it must not begin with space either."""
    line = _NOT_IN_A_SUBJECT.sub("?", " ".join(text.split()))
    return line if len(line) <= _LONGEST_SUBJECT else f"{line[: _LONGEST_SUBJECT - 3]}..."


def group_of(subject: str) -> str:
    """The group of a FIFO topic that keeps the order of *subject*'s events; a digest where the ARN is too long."""
    return subject if len(subject) <= _LONGEST_GROUP else sha256(subject.encode()).hexdigest()


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _rendered(template: Template, event: Mapping[str, Any]) -> str:
    try:
        return template.render(event)
    except ValueError as error:
        raise _template_failed(str(error)) from error


def _template_failed(why: str) -> DeliveryError:
    told = f"the template fails on this event: {why}; correct it, then retry the delivery"
    return DeliveryError(told, reason=_TEMPLATE_FAILED, permanent=True)
