"""What an attempt makes of a delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.delivery import Delivery, DeliveryState, Settlement
from monitor.domain.retry import GiveUp, RetryPolicy, after_failure
from monitor.domain.standing import STOPPED

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.errors import DeliveryError


def settlement(
    delivery: Delivery, refusal: DeliveryError | None, policy: RetryPolicy, now: datetime, chance: float
) -> Settlement:
    """What one more attempt makes of *delivery*: delivered, to be tried again, or dead.

    Args:
        delivery: As it was claimed.
        refusal: None when the sink accepted it.
        policy: The sink's.
        now: When the attempt ended.
        chance: A number from 0 to 1, drawn for this call.
    """
    if refusal is None:
        state, due_at, said = DeliveryState.DELIVERED, delivery.due_at, None
    elif refusal.stop:
        state, due_at, said = DeliveryState.PENDING, now, f"{STOPPED}: {refusal}"
    else:
        state, due_at, said = _failed(delivery, refusal, policy, now, chance)
    return Settlement(
        sink=delivery.sink,
        position=delivery.message.position,
        state=state,
        attempts=delivery.attempts + 1,
        due_at=due_at,
        error=said,
        at=now,
    )


def _failed(
    delivery: Delivery, refusal: DeliveryError, policy: RetryPolicy, now: datetime, chance: float
) -> tuple[DeliveryState, datetime, str]:
    verdict = after_failure(
        policy,
        attempts=delivery.attempts + 1,
        stored_at=delivery.stored_at,
        now=now,
        chance=chance,
        permanent=refusal.permanent,
        retry_after=refusal.retry_after,
    )
    if isinstance(verdict, GiveUp):
        return DeliveryState.DEAD, delivery.due_at, f"{verdict.why}: {refusal}"
    return DeliveryState.PENDING, verdict.at, str(refusal)
