"""The monitor measuring itself, with prometheus_client.

One object takes what the poller, the budget, the dispatcher, the store and the reload have to tell; each of them
declares the few methods that it calls as a port of its own.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import GaugeMetricFamily

from monitor import __version__
from monitor.metrics import own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from prometheus_client.metrics_core import Metric

    from monitor.metrics.description import Description

_POLL_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)
"""Seconds: from an answer at once to a listing of many pages that waits for the budget."""

_LATENESS_BUCKETS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
"""Seconds: a poll is expected within 1 s of its time; minutes are a machine that slept."""

_LATENCY_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 900, 3600, 21600, 86400)
"""Seconds: at once where the sink is up, up to a day where it was down."""


def make_registry() -> CollectorRegistry:
    """A registry of our own, with the process's, the platform's and the garbage collector's metrics."""
    registry = CollectorRegistry(auto_describe=True)
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


class Instruments:
    """The metrics of `monitor.metrics.own`. Every method may be called from any thread, is quick and never raises."""

    def __init__(
        self,
        registry: CollectorRegistry | None = None,
        *,
        version: str = __version__,
        delivery_reasons: Iterable[str] = (),
    ) -> None:
        """Register on *registry*, or one from `make_registry`.

        A sink's failures start at 0 for each of *delivery_reasons*.
        """
        registry = registry or make_registry()
        self.registry: Final = registry
        self._delivery_reasons = tuple(delivery_reasons)
        self._sinks: frozenset[str] = frozenset()
        self._sinks_lock = threading.Lock()
        self._poll_duration = _histogram(own.POLL_DURATION, registry, _POLL_BUCKETS)
        self._poll_lateness = _histogram(own.POLL_LATENESS, registry, _LATENESS_BUCKETS)
        self._requests = _counter(own.AWS_REQUESTS, registry)
        self._request_failures = _counter(own.AWS_REQUEST_FAILURES, registry)
        self._limit = _gauge(own.AWS_CALLS_LIMIT, registry)
        self._events = _counter(own.EVENTS, registry)
        self._commit_failures = _counter(own.COMMIT_FAILURES, registry)
        self._deliveries = _counter(own.DELIVERIES, registry)
        self._delivery_failures = _counter(own.DELIVERY_FAILURES, registry)
        self._dead = _counter(own.DELIVERIES_DEAD, registry)
        self._latency = _histogram(own.DELIVERY_LATENCY, registry, _LATENCY_BUCKETS)
        self._stopped = _gauge(own.SINK_STOPPED, registry)
        self._pending = _gauge(own.OUTBOX_PENDING, registry)
        self._oldest = _gauge(own.OUTBOX_OLDEST, registry)
        _gauge(own.BUILD_INFO, registry).labels(version).set(1)
        self._reload_successful = _gauge(own.RELOAD_SUCCESSFUL, registry)
        self._reload_time = _gauge(own.RELOAD_SUCCESS_TIME, registry)
        self._refused: frozenset[str] = frozenset()
        for event_type, severities in own.EVENT_SEVERITIES.items():
            for severity in severities:
                self._events.labels(type=event_type, severity=severity.word)

    def attempted(self, *, account_id: str, region: str, operation: str) -> None:
        """A call to AWS was made, a retry too."""
        self._requests.labels(account_id, region, operation).inc()

    def failed(self, *, account_id: str, region: str, operation: str, code: str) -> None:
        """A call to AWS failed; *code* is AWS's error code or a word for what the network did."""
        self._request_failures.labels(account_id, region, operation, code).inc()

    def limit(self, *, account_id: str, region: str, calls_per_second: float) -> None:
        """The budget of an account and region is now *calls_per_second*."""
        self._limit.labels(account_id, region).set(calls_per_second)

    def polled(self, *, duration: float, lateness: float) -> None:
        """A poll took *duration* seconds and began *lateness* seconds after its time."""
        self._poll_duration.observe(duration)
        self._poll_lateness.observe(lateness)

    def stored(self, event_type: str, severity: str) -> None:
        """An event was stored."""
        self._events.labels(type=event_type, severity=severity).inc()

    def commit_failed(self) -> None:
        """The database did not take a transaction."""
        self._commit_failures.inc()

    def delivered(self, sink: str, *, latency: float) -> None:
        """The sink accepted an event, *latency* seconds after the poll that saw it."""
        with self._sinks_lock:
            if sink in self._sinks:
                self._deliveries.labels(sink).inc()
                self._latency.labels(sink).observe(latency)

    def delivery_failed(self, sink: str, *, reason: str) -> None:
        """The sink did not accept an event this time."""
        with self._sinks_lock:
            if sink in self._sinks:
                self._delivery_failures.labels(sink, reason).inc()

    def delivery_dead(self, sink: str) -> None:
        """A delivery to the sink was given up."""
        with self._sinks_lock:
            if sink in self._sinks:
                self._dead.labels(sink).inc()

    def sink_stopped(self, sink: str, *, stopped: bool) -> None:
        """The sink wants nothing more, or is asked again."""
        with self._sinks_lock:
            if sink in self._sinks:
                self._stopped.labels(sink).set(int(stopped))

    def outbox(self, sink: str, *, pending: int, oldest: datetime | None) -> None:
        """*pending* deliveries wait for the sink, the first of them since *oldest*."""
        with self._sinks_lock:
            if sink in self._sinks:
                self._pending.labels(sink).set(pending)
                if oldest is None:
                    self._oldest.remove(sink)
                else:
                    self._oldest.labels(sink).set(oldest.timestamp())

    def sinks(self, names: Iterable[str]) -> None:
        """These are the sinks now: the series of new ones start at 0, those of others are gone.

        What is told of others is not counted: of a sink that was taken out, a call may still be under way, and of those
        of another process on the same database something may wait.
        """
        wanted = frozenset(names)
        with self._sinks_lock:
            for sink in self._sinks - wanted:
                self._drop(sink)
            for sink in sorted(wanted - self._sinks):
                self._begin(sink)
            self._sinks = wanted

    def reloaded(self, *, successful: bool, at: datetime, file: str = "config") -> None:
        """The configuration was loaded, for the first time too, or refused; or another *file* that belongs to it."""
        self._refused = self._refused - {file} if successful else self._refused | {file}
        self._reload_successful.set(int(not self._refused))
        if successful:
            self._reload_time.set(at.timestamp())

    def state_size(self, size: Callable[[], int]) -> None:
        """Ask *size* for the bytes of the database at each scrape; it may raise OSError. To be called once."""
        self.registry.register(_StateSize(size))

    def _begin(self, sink: str) -> None:
        for metric in (self._deliveries, self._dead, self._latency, self._stopped, self._pending):
            metric.labels(sink)
        for reason in self._delivery_reasons:
            self._delivery_failures.labels(sink, reason)

    def _drop(self, sink: str) -> None:
        for metric in (self._deliveries, self._dead, self._latency, self._stopped, self._pending, self._oldest):
            metric.remove(sink)
        self._delivery_failures.remove_by_labels({"sink": sink})


class _StateSize:
    """A gauge without a sample while the size cannot be told: one that failed would fail the whole scrape."""

    def __init__(self, size: Callable[[], int]) -> None:
        self._size = size

    def describe(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(own.STATE_SIZE.name, own.STATE_SIZE.help)

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(own.STATE_SIZE.name, own.STATE_SIZE.help)
        with suppress(OSError):
            family.add_metric((), self._size())
        yield family


def _counter(description: Description, registry: CollectorRegistry) -> Counter:
    return Counter(description.family, description.help, description.labels, registry=registry)


def _gauge(description: Description, registry: CollectorRegistry) -> Gauge:
    return Gauge(description.name, description.help, description.labels, registry=registry)


def _histogram(description: Description, registry: CollectorRegistry, buckets: Sequence[float]) -> Histogram:
    return Histogram(description.name, description.help, description.labels, registry=registry, buckets=buckets)
