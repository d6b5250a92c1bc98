"""What became of one event at one sink, as people ask about it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.domain.delivery import DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One delivery, settled or not.

    Attributes:
        position: The event's in the history.
        event_id: The event's id.
        attempts: Made so far.
        stored_at: When the event and the delivery were stored.
        due_at: Not to be tried before; says nothing once it is settled.
        settled_at: When the sink accepted it, or it was given up; None while it is pending.
        error: What the last attempt failed with.
    """

    position: int
    event_id: str
    sink: str
    state: DeliveryState
    attempts: int
    stored_at: datetime
    due_at: datetime
    settled_at: datetime | None = None
    error: str | None = None
