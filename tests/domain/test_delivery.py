from __future__ import annotations

from monitor.domain.delivery import Delivery, DeliveryState, Message, OutboxStats, Settlement
from monitor.domain.events import EventType
from monitor.domain.severity import Severity
from tests.builders import PROJECT_ARN, T0, version_arn

MESSAGE = Message(
    position=1,
    id="1",
    type=EventType.VERSION_APPEARED,
    severity=Severity.INFO,
    source=PROJECT_ARN,
    subject=version_arn(),
    time=T0,
    document=b"{}",
)


def test_the_states_are_the_words_of_the_database() -> None:
    """What is stored and shown stays what it is called today."""
    assert [state.value for state in DeliveryState] == ["pending", "delivered", "dead"]


def test_no_error_is_made_up() -> None:
    """A delivery that was not tried, and an attempt that was accepted, have none; an empty outbox has no oldest."""
    waiting = Delivery(sink="log", message=MESSAGE, state=DeliveryState.PENDING, attempts=0, stored_at=T0, due_at=T0)
    settled = Settlement(sink="log", position=1, state=DeliveryState.DELIVERED, attempts=1, due_at=T0, at=T0)

    assert (waiting.error, settled.error, OutboxStats(pending=0).oldest_stored_at) == (None, None, None)
