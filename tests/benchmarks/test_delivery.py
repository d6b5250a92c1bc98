from __future__ import annotations

from tests.benchmarks import delivery


def test_the_outbox_is_drained_in_order() -> None:
    """The measurement itself says when an event is missing or out of order; how long it took is not judged here."""
    figures = delivery.measure(events=60, versions=6, slow_events=18)
    assert ["ms", "ms", "MiB"] == [figure.unit for figure in figures]
