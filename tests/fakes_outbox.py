"""Events to put into an outbox, and an outbox in memory that keeps the promises of the real one."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from itertools import takewhile
from typing import TYPE_CHECKING

import orjson

from monitor.domain.delivery import Delivery, DeliveryState, Message, OutboxStats, Settlement
from monitor.domain.events import Event, EventType, make_event
from monitor.domain.flapping import Change
from monitor.domain.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.domain.claim import Claim

PROJECT_ARN = "arn:aws:rekognition:us-east-1:111122223333:project/shop/1690474772815"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def an_event(
    version: str = "a",
    sequence: int = 1,
    *,
    event_type: EventType = EventType.VERSION_UPDATED,
    severity: Severity = Severity.INFO,
    time: datetime = NOON,
    data: Mapping[str, str] | None = None,
    **more: str,
) -> Event:
    """An event about a version, small: only what an outbox and a sink look at."""
    return make_event(
        event_type=event_type,
        severity=severity,
        source=PROJECT_ARN,
        subject=f"{PROJECT_ARN.rpartition('/')[0]}/version/{version}/1690474772999",
        project_name="shop",
        status=None,
        move=None,
        time=time,
        sequence=sequence,
        data={"summary": f"shop / {version}: {sequence}", "project": {"name": "shop"}, "version": {"name": version}}
        | dict(data or {})
        | more,
    )


def a_message(event: Event, position: int = 1) -> Message:
    """The event as a sink takes it."""
    return Message(
        position=position,
        id=event.id,
        type=event.type,
        severity=event.severity,
        source=event.source,
        subject=event.subject,
        time=event.time,
        document=orjson.dumps(event.document),
    )


class MemoryOutbox:
    """Deliveries in a dictionary.

    Attributes:
        trouble: By the name of a method, what it raises until it is taken away.
        meanwhile: What happens, once, while the next claim or settlement is under way.
    """

    def __init__(self) -> None:
        self.trouble: dict[str, Exception] = {}
        self.meanwhile: Callable[[], None] | None = None
        self.calls: dict[str, int] = defaultdict(int)
        self._deliveries: dict[tuple[str, int], Delivery] = {}
        self._positions = 0
        self._changed = threading.Condition()

    def put(self, event: Event, sinks: Sequence[str], at: datetime = NOON) -> Message:
        """Store an event and its deliveries."""
        with self._changed:
            self._positions += 1
            message = a_message(event, self._positions)
            for sink in sinks:
                self._deliveries[sink, message.position] = Delivery(
                    sink=sink, message=message, state=DeliveryState.PENDING, attempts=0, stored_at=at, due_at=at
                )
            return message

    def claim(self, sink: str, wanted: Claim) -> list[Delivery]:
        with self._called("claim"):
            found = [
                delivery
                for delivery in self._due(sink, wanted.now, wanted.urgent)
                if delivery.message.subject not in wanted.besides
            ]
            heads = list({delivery.message.subject: delivery for delivery in reversed(found)}.values())[::-1]
            behind = [] if wanted.heads_only else [delivery for delivery in found if delivery not in heads]
            chosen = (heads + behind)[: wanted.limit]
            return sorted(chosen, key=lambda delivery: delivery.message.position)

    def settle(self, settlements: Sequence[Settlement]) -> None:
        with self._called("settle"):
            for each in settlements:
                delivery = self._deliveries[each.sink, each.position]
                if DeliveryState.PENDING is delivery.state or DeliveryState.DELIVERED is each.state:
                    self._deliveries[each.sink, each.position] = replace(
                        delivery, state=each.state, attempts=each.attempts, due_at=each.due_at, error=each.error
                    )

    def next_due(self, sink: str, urgent: Severity | None = None) -> datetime | None:
        with self._called("next_due"):
            return min((lane[0].due_at for lane in self._lanes(sink, urgent)), default=None)

    def waiting_about(self, sink: str, subject: str, limit: int) -> list[Delivery]:
        with self._called("waiting_about"):
            lanes = {lane[0].message.subject: lane for lane in self._lanes(sink, None)}
            return lanes.get(subject, [])[:limit]

    def changes(self, sink: str, subject: str, since: datetime) -> list[Change]:
        with self._called("changes"):
            about = [each.message for (owner, _), each in sorted(self._deliveries.items()) if owner == sink]
            return [
                Change(message.position, message.time)
                for message in about
                if (message.subject, message.type) == (subject, EventType.VERSION_STATUS_CHANGED)
                and message.time >= since
            ]

    def outbox_stats(self) -> Mapping[str, OutboxStats]:
        with self._called("outbox_stats"):
            stored_at = defaultdict(list)
            for delivery in self._deliveries.values():
                if delivery.state is DeliveryState.PENDING:
                    stored_at[delivery.sink].append(delivery.stored_at)
            return {
                sink: OutboxStats(pending=len(times), oldest_stored_at=min(times)) for sink, times in stored_at.items()
            }

    def get(self, sink: str, position: int) -> Delivery:
        """One delivery as it stands."""
        with self._changed:
            return self._deliveries[sink, position]

    def wait_for(self, condition: Callable[[], bool], timeout: float = 60.0) -> bool:
        """Wait until a call has made *condition* true; whether it became so."""
        with self._changed:
            return self._changed.wait_for(condition, timeout)

    def _due(self, sink: str, now: datetime, urgent: Severity | None) -> list[Delivery]:
        """Of each subject the first ones, as long as they are due; in order of their positions."""
        lanes = self._lanes(sink, urgent)
        due = [each for lane in lanes for each in takewhile(lambda delivery: delivery.due_at <= now, lane)]
        return sorted(due, key=lambda delivery: delivery.message.position)

    def _lanes(self, sink: str, urgent: Severity | None) -> list[list[Delivery]]:
        """What is pending, by subject, where anything is urgent enough."""
        lanes: defaultdict[str, list[Delivery]] = defaultdict(list)
        for (owner, _), delivery in sorted(self._deliveries.items()):
            if owner == sink and delivery.state is DeliveryState.PENDING:
                lanes[delivery.message.subject].append(delivery)
        return [
            lane for lane in lanes.values() if urgent is None or max(each.message.severity for each in lane) >= urgent
        ]

    def _called(self, method: str) -> _Call:
        return _Call(self, method, self._changed)


class _Call:
    """A method of the outbox: counted, refused while there is trouble, alone with the deliveries."""

    def __init__(self, outbox: MemoryOutbox, method: str, changed: threading.Condition) -> None:
        self._outbox = outbox
        self._method = method
        self._changed = changed

    def __enter__(self) -> None:
        self._changed.acquire()
        self._outbox.calls[self._method] += 1
        meanwhile, self._outbox.meanwhile = self._outbox.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        self._changed.notify_all()
        if self._method in self._outbox.trouble:
            self._changed.release()
            raise self._outbox.trouble[self._method]

    def __exit__(self, *_: object) -> None:
        self._changed.notify_all()
        self._changed.release()
