"""What is counted and logged of the attempts for one sink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.domain.delivery import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.dispatcher.moment import Moment
    from monitor.dispatcher.ports import Surroundings
    from monitor.domain.delivery import Delivery, Settlement
    from monitor.errors import DeliveryError

UNEXPECTED: Final = "unexpected"
"""The reason of a failure that the sink did not foresee: a bug, ours or a library's."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery that was tried; *refusal* is None when the sink accepted it.

    The settlement's times are told by the clock of when the delivery was *claimed*, as the delivery's own are.
    """

    delivery: Delivery
    settlement: Settlement
    refusal: DeliveryError | None
    claimed: Moment


class Teller:
    """Each delivery is counted; in the log a sink's trouble is one line for each reason, and its end another."""

    def __init__(self, sink: str, surroundings: Surroundings) -> None:
        self._sink = sink
        self._its = surroundings
        self._told: set[str] = set()

    def tell(self, attempts: Sequence[Attempt]) -> None:
        """Count and log what came of *attempts*."""
        for attempt in attempts:
            if attempt.refusal is None:
                latency = (attempt.settlement.at - attempt.delivery.message.time).total_seconds()
                self._its.observer.delivered(self._sink, latency=max(0.0, latency))
            else:
                self._tell_refused(attempt, attempt.refusal)
        if self._told and attempts and not any(attempt.refusal for attempt in attempts):
            self._told.clear()
            self._its.log.info("sink.recovered", sink=self._sink)

    def stopped(self, refusal: DeliveryError) -> None:
        """The sink wants nothing more."""
        self._its.observer.sink_stopped(self._sink, stopped=True)
        hint = "what waits for it is kept; set it right, then reload"
        self._its.log.error("sink.stopped", sink=self._sink, reason=refusal.reason, error=str(refusal), hint=hint)

    def resumed(self) -> None:
        """It is asked again."""
        self._its.observer.sink_stopped(self._sink, stopped=False)
        self._its.log.info("sink.resumed", sink=self._sink)

    def _tell_refused(self, attempt: Attempt, refusal: DeliveryError) -> None:
        self._its.observer.delivery_failed(self._sink, reason=refusal.reason)
        if attempt.settlement.state is DeliveryState.DEAD:
            self._tell_dead(attempt, refusal)
        if not refusal.permanent and not refusal.stop:
            self._tell_failing(refusal)

    def _tell_dead(self, attempt: Attempt, refusal: DeliveryError) -> None:
        message = attempt.delivery.message
        self._its.observer.delivery_dead(self._sink)
        self._its.log.error(
            "delivery.abandoned",
            sink=self._sink,
            reason=refusal.reason,
            error=attempt.settlement.error,
            attempts=attempt.settlement.attempts,
            position=message.position,
            id=message.id,
            type=str(message.type),
            subject=message.subject,
        )

    def _tell_failing(self, refusal: DeliveryError) -> None:
        """Each reason once until the sink works again. A permanent refusal is about the message, not the sink."""
        if refusal.reason in self._told:
            return
        self._told.add(refusal.reason)
        crash = refusal.__cause__ if refusal.reason == UNEXPECTED else None
        self._its.log.warning("sink.failed", sink=self._sink, reason=refusal.reason, error=str(refusal), exc_info=crash)
