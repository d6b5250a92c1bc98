"""A world around the dispatcher: a clock to set, sinks that do as they are told, a log and an observer to ask."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from monitor.dispatcher.ports import Surroundings
from tests.fakes_outbox import NOON, MemoryOutbox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from structlog.typing import FilteringBoundLogger

    from monitor.domain.delivery import Message
    from monitor.errors import DeliveryError

DEADLINE = 60.0
"""Seconds after which a test that waits for a thread gives up; reached only by a test that fails."""


class Clock:
    """Time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOON
        self.set_by = timedelta(0)

    def __call__(self) -> datetime:
        return self.now

    def jump(self, by: timedelta) -> None:
        """Somebody sets it."""
        self.now += by
        self.set_by += by

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class FakeSink:
    """Accepts everything, but what it is told to refuse.

    Attributes:
        refusing: By version name; the messages about it are refused with this error.
        raising: Raised by each call.
        accepted: The version name and sequence of each message that was accepted, in order.
    """

    def __init__(self, batch: int = 10) -> None:
        self.batch = batch
        self.refusing: dict[str, DeliveryError] = {}
        self.raising: Exception | None = None
        self.accepted: list[str] = []
        self.calls: list[int] = []
        self.closed = threading.Event()

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        self.calls.append(len(messages))
        if self.raising:
            raise self.raising
        refused = {}
        for message in messages:
            error = self.refusing.get(told(message).split(":")[0])
            if error:
                refused[message.position] = error
            else:
                self.accepted.append(told(message))
        return refused

    def close(self) -> None:
        self.closed.set()


class HangingSink(FakeSink):
    """Holds each call until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Event()
        self.released = threading.Event()

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        self.entered.set()
        assert self.released.wait(DEADLINE)
        return super().deliver(messages)


def told(message: Message) -> str:
    """What a message of `an_event` says: the version's name and the sequence."""
    return message.document.decode().partition("shop / ")[2].partition('"')[0].replace(" ", "")


@dataclass
class Observer:
    """Remembers what it was told."""

    latencies: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    dead: int = 0
    stopped: dict[str, bool] = field(default_factory=dict)
    waiting: dict[str, tuple[int, datetime | None]] = field(default_factory=dict)

    def delivered(self, sink: str, *, latency: float) -> None:
        assert sink
        self.latencies.append(latency)

    def delivery_failed(self, sink: str, *, reason: str) -> None:
        assert sink
        self.failures[reason] += 1

    def delivery_dead(self, sink: str) -> None:
        assert sink
        self.dead += 1

    def outbox(self, sink: str, *, pending: int, oldest: datetime | None) -> None:
        self.waiting[sink] = (pending, oldest)

    def sink_stopped(self, sink: str, *, stopped: bool) -> None:
        self.stopped[sink] = stopped


class World:
    """Everything that a dispatcher needs."""

    def __init__(self) -> None:
        self.outbox = MemoryOutbox()
        self.observer = Observer()
        self.clock = Clock()
        self.chance = 1.0
        self.log = LogLines()
        self.ticks = 0.0

    def surroundings(self) -> Surroundings:
        return Surroundings(
            outbox=self.outbox,
            observer=self.observer,
            clock=self.clock,
            monotonic=lambda: self.ticks + (self.clock.now - NOON - self.clock.set_by).total_seconds(),
            chance=lambda: self.chance,
            log=self.log.logger,
            check_every=1.0,
        )


class LogLines:
    """A log that is kept as what was said, and that can break."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.breaking: Exception | None = None
        self.logger: FilteringBoundLogger = structlog.wrap_logger(
            None, processors=[self._keep], wrapper_class=structlog.make_filtering_bound_logger(0)
        )

    def events(self) -> list[str]:
        return [line["event"] for line in self.lines]

    def _keep(self, _: object, level: str, line: Any) -> Any:
        if self.breaking:
            raise self.breaking
        self.lines.append({"level": level, **line})
        raise structlog.DropEvent
