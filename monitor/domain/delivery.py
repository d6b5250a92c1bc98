"""One event for one sink, until the sink has it or it is given up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.domain.events import EventType
    from monitor.domain.severity import Severity


class DeliveryState(StrEnum):
    """Where a delivery is in its life; the words of the database and of `outbox`."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A stored event as a sink takes it.

    Attributes:
        position: The event's place in the history: grows with each event that is stored, whatever it is about.
        document: The CloudEvent as JSON text in UTF-8, the same bytes at every attempt, without a line break.
    """

    position: int
    id: str
    type: EventType
    severity: Severity
    source: str
    subject: str
    time: datetime
    document: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message for one sink.

    Attributes:
        attempts: Made so far.
        stored_at: When the event and this delivery were stored.
        due_at: Not to be tried before.
        error: What the last attempt failed with.
    """

    sink: str
    message: Message
    state: DeliveryState
    attempts: int
    stored_at: datetime
    due_at: datetime
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What one attempt made of a delivery.

    Attributes:
        position: With the sink, which delivery.
        state: What it is now.
        attempts: Made so far, this one included.
        due_at: Not to be tried before; says nothing unless it is pending still.
        error: What the attempt failed with; None when it was accepted.
        at: When this was decided.
    """

    sink: str
    position: int
    state: DeliveryState
    attempts: int
    due_at: datetime
    error: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxStats:
    """What waits for one sink.

    Attributes:
        pending: Deliveries not settled yet.
        oldest_stored_at: When the oldest of them was stored; None when none waits.
    """

    pending: int
    oldest_stored_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which deliveries `outbox retry` and `outbox discard` mean; never delivered ones.

    Attributes:
        sink: None for all.
        event_ids: Empty for all.
        states: Of these, dead and pending ones.
    """

    sink: str | None = None
    event_ids: tuple[str, ...] = ()
    states: frozenset[DeliveryState] = frozenset({DeliveryState.DEAD})
