"""What the dispatcher needs of the rest of the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from structlog.typing import FilteringBoundLogger

    from monitor.domain.delivery import Delivery, Message, OutboxStats, Settlement
    from monitor.errors import DeliveryError


class Outbox(Protocol):
    """The deliveries. Called by several threads; each method may raise StateUnavailableError."""

    def claim(self, sink: str, now: datetime, limit: int) -> list[Delivery]:
        """What is due for *sink*, oldest first: of each subject only the first delivery that is not settled."""

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Keep what became of deliveries, all or none.

        Where another process was faster, an acceptance counts whatever it did, and a failure counts for nothing.
        """

    def next_due(self, sink: str) -> datetime | None:
        """When `claim` will have something for *sink*; None when nothing waits."""

    def outbox_stats(self) -> Mapping[str, OutboxStats]:
        """What waits, by sink; sinks for which nothing waits may be missing."""


class Sink(Protocol):
    """A place events go. Used by one thread at a time. Compared by `==` to tell what a reload changed."""

    @property
    def batch(self) -> int:
        """The most messages that one call takes."""

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        """Hand over *messages*, no two of one subject; return the refused by position. Raising refuses them all."""

    def close(self) -> None:
        """Give back what it holds."""


class DeliveryObserver(Protocol):
    """Told of what happens. Called by several threads."""

    def delivered(self, sink: str, *, latency: float) -> None:
        """A sink accepted an event, *latency* seconds after the event's time."""

    def delivery_failed(self, sink: str, *, reason: str) -> None:
        """An attempt failed."""

    def delivery_dead(self, sink: str) -> None:
        """A delivery was given up."""

    def outbox(self, sink: str, *, pending: int, oldest: datetime | None) -> None:
        """What waits for a sink now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every worker works with.

    Attributes:
        clock: Aware UTC.
        monotonic: Seconds that no change of the clock touches.
        chance: A number from 0 to 1, drawn for each call.
        check_every: The longest time, in seconds, without a look into the outbox: other processes add and retry.
    """

    outbox: Outbox
    observer: DeliveryObserver
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    chance: Callable[[], float]
    log: FilteringBoundLogger
    check_every: float
