"""The workers of all sinks."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import structlog

from monitor.dispatcher.ports import Surroundings
from monitor.dispatcher.worker import Worker
from monitor.domain.delivery import OutboxStats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from structlog.typing import FilteringBoundLogger

    from monitor.dispatcher.ports import DeliveryObserver, Outbox, Sink, Terms


class Dispatcher:
    """One worker for each sink, and a thread that measures what waits."""

    def __init__(
        self,
        outbox: Outbox,
        observer: DeliveryObserver,
        *,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
        monotonic: Callable[[], float] = time.monotonic,
        check_every: float = 1.0,
        log: FilteringBoundLogger | None = None,
    ) -> None:
        """Nothing runs before `start`.

        Args:
            outbox: Where deliveries come from and are settled.
            observer: Told of each attempt and of what waits.
            clock: Aware UTC.
            chance: A number from 0 to 1, drawn for the jitter of each retry.
            monotonic: Seconds that no change of the clock touches.
            check_every: The longest time, in seconds, without a look into the outbox: other processes add and retry.
            log: Another logger than structlog's own.
        """
        self._its = Surroundings(
            outbox=outbox,
            observer=observer,
            clock=clock,
            monotonic=monotonic,
            chance=chance,
            log=log or structlog.get_logger(),
            check_every=check_every,
        )
        self._lock = threading.Lock()
        self._workers: Mapping[str, Worker] = {}  # replaced, never changed: read without the lock
        self._started = False
        self._stopping = threading.Event()
        self._gauge = threading.Thread(target=self._measure, name="outbox-gauge", daemon=True)

    def start(self) -> None:
        """Begin, with the sinks of the last `reconfigure`."""
        with self._lock:
            self._started = True
            for worker in self._workers.values():
                worker.start()
        self._gauge.start()

    def reconfigure(self, routes: Mapping[str, tuple[Sink, Terms]], *, patience: float = 5.0) -> None:
        """Serve these sinks, by name, from now on.

        New ones begin. One that is no longer there, or differs from the one of the same name now, is closed after its
        calls under way, for which *patience* seconds are waited. An equal one goes on by the new terms, also one that
        was stopped; the object given now is not used.
        """
        with self._lock:
            kept = {
                name: worker
                for name, worker in self._workers.items()
                if name in routes and worker.serves(routes[name][0])
            }
            self._end((worker for name, worker in self._workers.items() if name not in kept), patience)
            self._workers = {name: kept.get(name) or self._hire(name, *route) for name, route in routes.items()}
            for name, worker in kept.items():
                worker.take(routes[name][1])

    def notify(self) -> None:
        """Something was stored: look at once. Quick; any thread may call it."""
        for worker in self._workers.values():
            worker.notify()

    def drain(self, timeout: float) -> bool:
        """Push on what is due; return whether, within *timeout* seconds, nothing due was left and all is settled.

        A delivery that fails meanwhile is due later, so True does not say that everything was accepted. Needs `start`.
        """
        deadline = self._its.monotonic() + timeout
        asked = [(worker, worker.ask()) for worker in self._workers.values()]
        return all(worker.answered(number, deadline) for worker, number in asked)

    def progress(self) -> Mapping[str, float]:
        """By sink, when its worker last got on, in seconds of `monotonic`: long ago means that it hangs."""
        return {name: worker.seen for name, worker in self._workers.items()}

    def rounds(self) -> Mapping[str, float]:
        """By sink, when its worker last began to look into the outbox, whatever its calls do; monotonic seconds."""
        return {name: worker.round_began for name, worker in self._workers.items()}

    def stop(self, timeout: float) -> None:
        """End every worker after its calls under way and close its sink, within *timeout* seconds.

        What could not be settled by then is sent again after the next start. A worker whose sink hangs is logged and
        left behind; it ends with the process.
        """
        self._stopping.set()
        with self._lock:
            self._end(self._workers.values(), timeout)
            self._workers = {}
        if self._started:
            self._gauge.join(timeout)

    def _end(self, workers: Iterable[Worker], timeout: float) -> None:
        ended = tuple(workers)
        deadline = self._its.monotonic() + timeout
        for worker in ended:
            worker.end(deadline)
        for worker in ended:
            worker.join(deadline)

    def _hire(self, name: str, sink: Sink, terms: Terms) -> Worker:
        worker = Worker(name, sink, terms, self._its)
        self._its.observer.sink_stopped(name, stopped=False)  # as another of this name may have been
        if self._started:
            worker.start()
        return worker

    def _measure(self) -> None:
        """Tell what waits for each sink, again and again; in a thread of its own, for any worker may hang."""
        told = False
        while not self._stopping.is_set():
            try:
                self._tell_waiting()
            except Exception:  # the gauge must not die of one look that failed
                if not told:
                    self._its.log.warning("outbox.unmeasured", exc_info=True)
                told = True
            self._stopping.wait(self._its.check_every)

    def _tell_waiting(self) -> None:
        stats = self._its.outbox.outbox_stats()
        for name in sorted(stats.keys() | self._workers.keys()):
            found = stats.get(name, OutboxStats(pending=0))
            self._its.observer.outbox(name, pending=found.pending, oldest=found.oldest_stored_at)
