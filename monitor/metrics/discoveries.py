"""How discovery gets on in each account and region, with prometheus_client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge

from monitor.metrics import own

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.domain.account import Place
    from monitor.metrics.description import Description


class Discoveries:
    """The metrics `rekognition_discovery_…`. Every method may be called from any thread and is quick."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._up = _gauge(own.DISCOVERY_UP, registry)
        self._projects = _gauge(own.DISCOVERY_PROJECTS, registry)
        self._last_success = _gauge(own.DISCOVERY_LAST_SUCCESS, registry)
        self._attempts = _counter(own.DISCOVERIES, registry)
        self._failures = _counter(own.DISCOVERY_FAILURES, registry)

    def discovered(self, place: Place, *, projects: int, at: datetime) -> None:
        """A discovery was complete, and found so many projects to watch."""
        labels = _labels(place)
        self._up.labels(*labels).set(1)
        self._projects.labels(*labels).set(projects)
        self._last_success.labels(*labels).set(at.timestamp())
        self._attempts.labels(*labels).inc()

    def discovery_failed(self, place: Place, *, reason: str) -> None:
        """A discovery failed."""
        labels = _labels(place)
        self._up.labels(*labels).set(0)
        self._attempts.labels(*labels).inc()
        self._failures.labels(*labels, reason).inc()

    def place_forgotten(self, place: Place) -> None:
        """The account and region is asked no longer, or under another id."""
        labels = _labels(place)
        for metric in (self._up, self._projects, self._last_success, self._attempts):
            metric.remove(*labels)
        self._failures.remove_by_labels(dict(zip(own.DISCOVERY_UP.labels, labels, strict=True)))


def _labels(place: Place) -> tuple[str, str, str]:
    return place.account_id, place.region, place.account


def _gauge(description: Description, registry: CollectorRegistry) -> Gauge:
    return Gauge(description.name, description.help, description.labels, registry=registry)


def _counter(description: Description, registry: CollectorRegistry) -> Counter:
    return Counter(description.family, description.help, description.labels, registry=registry)
