"""One round for one sink: claim, deliver, settle, tell. No thread and no waiting; the worker has those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.domain.delivery import Delivery, DeliveryState, Settlement
from monitor.domain.retry import GiveUp, RetryPolicy, after_failure
from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitor.dispatcher.ports import Sink, Surroundings
    from monitor.domain.delivery import Message

UNEXPECTED: Final = "unexpected"
"""The reason of a failure that the sink did not foresee: a bug, ours or a library's."""

_SHORTEST_PAUSE: Final = 0.01
"""Seconds; what became due between two looks is found by the next one, without a busy loop whatever the outbox says."""


class Courier:
    """Carries the deliveries of one sink."""

    def __init__(self, name: str, sink: Sink, policy: RetryPolicy, surroundings: Surroundings) -> None:
        self.name = name
        self.sink = sink
        self.policy = policy
        self._its = surroundings
        self._unsettled: list[Settlement] = []
        self._told: set[str] = set()

    @property
    def unsettled(self) -> int:
        """How many deliveries were tried whose settlement the outbox did not take yet."""
        return len(self._unsettled)

    def push(self) -> bool:
        """Deliver what is due, once; return whether there was anything. Raises what the outbox raises."""
        self.settle()
        deliveries = self._its.outbox.claim(self.name, self._its.clock(), self.sink.batch)
        if not deliveries:
            return False
        refusals = self._deliver([delivery.message for delivery in deliveries])
        self._unsettled = self._settlements(deliveries, refusals)
        self._tell(deliveries, refusals)
        self.settle()
        return True

    def settle(self) -> None:
        """Settle what was tried. When the outbox raises, it is kept: what was accepted must not be sent again."""
        if self._unsettled:
            self._its.outbox.settle(self._unsettled)
            self._unsettled = []

    def pause(self) -> float:
        """Seconds until something is due, as far as is known, and no longer than until the next look."""
        due = self._its.outbox.next_due(self.name)
        if due is None:
            return self._its.check_every
        return min(self._its.check_every, max(_SHORTEST_PAUSE, (due - self._its.clock()).total_seconds()))

    def _deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        try:
            return self.sink.deliver(messages)
        except DeliveryError as error:
            refusal = error
        except Exception as error:  # noqa: BLE001 - a sink's bug is a failed attempt
            refusal = DeliveryError(f"{type(error).__name__}: {error}", reason=UNEXPECTED)
            refusal.__cause__ = error
        return {message.position: refusal for message in messages}

    def _settlements(self, deliveries: Sequence[Delivery], refusals: Mapping[int, DeliveryError]) -> list[Settlement]:
        now = self._its.clock()
        return [
            settlement(delivery, refusals.get(delivery.message.position), self.policy, now, self._its.chance())
            for delivery in deliveries
        ]

    def _tell(self, deliveries: Sequence[Delivery], refusals: Mapping[int, DeliveryError]) -> None:
        for delivery, settled in zip(deliveries, self._unsettled, strict=True):
            refusal = refusals.get(delivery.message.position)
            if refusal is None:
                latency = (settled.at - delivery.message.time).total_seconds()
                self._its.observer.delivered(self.name, latency=max(0.0, latency))
            else:
                self._tell_refused(delivery.message, settled, refusal)
        if self._told and not refusals:
            self._told.clear()
            self._its.log.info("sink.recovered", sink=self.name)

    def _tell_refused(self, message: Message, settled: Settlement, refusal: DeliveryError) -> None:
        self._its.observer.delivery_failed(self.name, reason=refusal.reason)
        if settled.state is DeliveryState.DEAD:
            self._its.observer.delivery_dead(self.name)
            self._its.log.error(
                "delivery.abandoned",
                sink=self.name,
                reason=refusal.reason,
                error=settled.error,
                attempts=settled.attempts,
                position=message.position,
                **_named(message),
            )
        if not refusal.permanent:
            self._tell_failing(refusal)

    def _tell_failing(self, refusal: DeliveryError) -> None:
        """Each reason once until the sink works again. A permanent refusal is about the message, not the sink."""
        if refusal.reason in self._told:
            return
        self._told.add(refusal.reason)
        crash = refusal.__cause__ if refusal.reason == UNEXPECTED else None
        self._its.log.warning("sink.failed", sink=self.name, reason=refusal.reason, error=str(refusal), exc_info=crash)


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
    state, due_at, said = DeliveryState.DELIVERED, delivery.due_at, None
    if refusal is not None:
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
            state, said = DeliveryState.DEAD, f"{verdict.why}: {refusal}"
        else:
            state, due_at, said = DeliveryState.PENDING, verdict.at, str(refusal)
    return Settlement(
        sink=delivery.sink,
        position=delivery.message.position,
        state=state,
        attempts=delivery.attempts + 1,
        due_at=due_at,
        error=said,
        at=now,
    )


def _named(message: Message) -> dict[str, str]:
    return {"id": message.id, "type": str(message.type), "subject": message.subject}
