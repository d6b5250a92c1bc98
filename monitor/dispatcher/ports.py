"""What the dispatcher needs of the rest of the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from monitor.domain.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from structlog.typing import FilteringBoundLogger

    from monitor.domain.claim import Claim
    from monitor.domain.delivery import Delivery, Message, OutboxStats, Settlement
    from monitor.domain.flapping import Change, FlappingPolicy
    from monitor.domain.quiet import QuietWindow
    from monitor.domain.severity import Severity
    from monitor.errors import DeliveryError


class Outbox(Protocol):
    """The deliveries. Called by several threads; each method may raise StateUnavailableError."""

    def claim(self, sink: str, wanted: Claim) -> list[Delivery]:
        """What is due for *sink*, oldest first: of each subject the deliveries from the first unsettled one on."""

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Keep what became of deliveries, all or none.

        Where another process was faster, an acceptance counts whatever it did, and a failure counts for nothing.
        """

    def next_due(self, sink: str, urgent: Severity | None) -> datetime | None:
        """When `claim` will have something for *sink*, as urgent as `Claim` says; None when nothing waits."""

    def waiting_about(self, sink: str, subject: str, limit: int) -> list[Delivery]:
        """The first *limit* unsettled deliveries about *subject*, due or not, in order."""

    def changes(self, sink: str, subject: str, since: datetime) -> Sequence[Change]:
        """The changes of status of *subject* since then that *sink* is told of, or was, in order."""

    def outbox_stats(self) -> Mapping[str, OutboxStats]:
        """What waits, by sink; sinks for which nothing waits may be missing."""


class Sink(Protocol):
    """A place events go. Compared by `==` to tell what a reload changed.

    `deliver` is called by as many threads at once as its `Terms` have concurrency.
    """

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

    def sink_stopped(self, sink: str, *, stopped: bool) -> None:
        """The sink wants nothing more; or is asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms one sink is served.

    Attributes:
        policy: How long its deliveries are tried.
        concurrency: Calls under way at once.
        quiet: When only what cannot wait is delivered.
        flapping: For a sink that people read; None for machines, which get every event.
    """

    policy: RetryPolicy = field(default_factory=RetryPolicy)
    concurrency: int = 1
    quiet: tuple[QuietWindow, ...] = ()
    flapping: FlappingPolicy | None = None


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
