"""A history for the pages' tests: real events, as the domain makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from monitor.domain.delivery import DeliveryState, Message
from monitor.domain.diff import diff
from monitor.domain.receipt import Receipt
from monitor.domain.seeing import Watch
from monitor.domain.step import STEPS, step_from_document
from tests.builders import at, listing, project, project_arn, version, version_arn
from tests.web.serving import NoRecords

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from monitor.domain.events import Event
    from monitor.domain.inquiry import Inquiry
    from monitor.domain.snapshot import Snapshot
    from monitor.domain.step import Step

SHOP = project_arn("shop")
V1 = version_arn("v1", of=SHOP)


@dataclass
class Kept(NoRecords):
    """The history of one version, and what was asked of it."""

    messages: list[Message]
    deliveries: list[Receipt] = field(default_factory=list)
    asked: list[Inquiry] = field(default_factory=list)

    def events(self, inquiry: Inquiry) -> Sequence[Message]:
        self.asked.append(inquiry)
        return self.messages

    def about(self, subject: str, *, limit: int, before: int | None = None) -> Sequence[Message]:  # noqa: ARG002
        return [message for message in self.messages if message.subject == subject][:limit]

    def steps(self, version_arns: Collection[str], since: datetime) -> Mapping[str, Sequence[Step]]:  # noqa: ARG002
        found: dict[str, list[Step]] = {arn: [] for arn in version_arns}
        for message in reversed(self.messages):
            if message.type in STEPS and message.subject in found:
                found[message.subject].append(step_from_document(message.position, orjson.loads(message.document)))
        return found

    def receipts(self, subject: str, *, limit: int) -> Sequence[Receipt]:  # noqa: ARG002
        return self.deliveries

    def watches(self, project_arns: Collection[str], since: datetime) -> Mapping[str, Sequence[Watch]]:  # noqa: ARG002
        return {arn: [Watch(began_at=at(-60), ended_at=at(10))] for arn in project_arns}


def events_of(*words: str, message: str = "", name: str = "v1") -> list[Message]:
    """The events about a version of one status a minute, absent where the word is empty; newest first."""
    shop, arn = project(SHOP), version_arn(name, of=SHOP)
    snapshot: Snapshot | None = None
    events: list[Event] = []
    for minute, word in enumerate(words):
        seen = listing(version(arn=arn, status=word, status_message=message or None)) if word else listing()
        outcome = diff(shop, snapshot, seen, at(minute))
        snapshot = outcome.snapshot
        events += outcome.events
    return [
        Message(
            position=position,
            id=event.id,
            type=event.type,
            severity=event.severity,
            source=event.source,
            subject=event.subject,
            time=event.time,
            document=orjson.dumps(event.document),
        )
        for position, event in reversed(list(enumerate(events, 1)))
    ]


def receipt(position: int, sink: str, state: DeliveryState = DeliveryState.DELIVERED, **fields: object) -> Receipt:
    """What became of the event at that position."""
    usual = {"event_id": f"id-{position}", "attempts": 1, "stored_at": at(1), "due_at": at(1), "settled_at": at(2)}
    return Receipt(position=position, sink=sink, state=state, **{**usual, **fields})  # type: ignore[arg-type]
