from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest

from monitor.domain.events import EventType
from monitor.metrics.instruments import Instruments, make_registry
from monitor.metrics.own import EVENT_SEVERITIES
from tests.builders import T0, at


def _samples(registry: CollectorRegistry, beginning: str) -> list[str]:
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if line.startswith(beginning) and "_created" not in line]


def _move(instruments: Instruments, sink: str) -> None:
    instruments.delivered(sink, latency=1)
    instruments.delivery_failed(sink, reason="refused")
    instruments.delivery_dead(sink)
    instruments.sink_stopped(sink, stopped=True)
    instruments.outbox(sink, pending=1, oldest=T0)


def test_every_type_of_event_starts_at_0() -> None:
    """Each type of event is there at 0, in each severity that it can have."""
    registry = CollectorRegistry()
    Instruments(registry)
    expected = [
        f'rekognition_monitor_events_total{{severity="{severity.word}",type="{event_type}"}} 0.0'
        for event_type in EventType
        for severity in EVENT_SEVERITIES[event_type]
    ]
    assert expected == _samples(registry, "rekognition_monitor_events_total")


def test_sink_starts_at_0() -> None:
    """A new sink's counters are there at 0, for each known reason of a failure too."""
    registry = CollectorRegistry()
    Instruments(registry, delivery_reasons=("refused",)).sinks(["log"])
    assert [
        'rekognition_monitor_deliveries_total{sink="log"} 0.0',
        'rekognition_monitor_deliveries_dead_total{sink="log"} 0.0',
    ] == _samples(registry, "rekognition_monitor_deliveries_")
    assert ['rekognition_monitor_delivery_failures_total{reason="refused",sink="log"} 0.0'] == _samples(
        registry, "rekognition_monitor_delivery_failures_total"
    )


def test_series_of_a_sink_that_is_gone_are_gone() -> None:
    """A sink that a reload takes out leaves no series, and one that stays keeps its count."""
    registry = CollectorRegistry()
    instruments = Instruments(registry)
    instruments.sinks(["log", "audit"])
    for sink in ("log", "audit"):
        _move(instruments, sink)
    instruments.sinks(["log"])
    text = generate_latest(registry).decode()
    assert ([], True) == (
        [line for line in text.splitlines() if "audit" in line],
        'rekognition_monitor_deliveries_total{sink="log"} 1.0' in text,
    )


def test_a_sink_that_is_gone_does_not_come_back() -> None:
    """The end of a call that was under way as a reload took it out makes no series, which would stay for ever."""
    registry = CollectorRegistry()
    instruments = Instruments(registry)
    instruments.sinks(["audit"])
    instruments.sinks([])
    _move(instruments, "audit")
    assert [] == [line for line in generate_latest(registry).decode().splitlines() if "audit" in line]


def test_oldest_pending_is_absent_while_none_waits() -> None:
    """The time of the oldest waiting delivery goes when the outbox is empty."""
    registry = CollectorRegistry()
    instruments = Instruments(registry)
    instruments.sinks(["log"])
    instruments.outbox("log", pending=1, oldest=T0)
    instruments.outbox("log", pending=0, oldest=None)
    assert ['rekognition_monitor_outbox_pending{sink="log"} 0.0'] == _samples(registry, "rekognition_monitor_outbox_")


def test_refused_reload_keeps_the_time_of_the_last_good_one() -> None:
    """A reload that is refused turns the gauge to 0 and leaves the time of the last success."""
    registry = CollectorRegistry()
    instruments = Instruments(registry)
    instruments.reloaded(successful=True, at=T0)
    instruments.reloaded(successful=False, at=at(5))
    assert [
        "rekognition_monitor_config_last_reload_successful 0.0",
        f"rekognition_monitor_config_last_reload_success_timestamp_seconds {T0.timestamp() / 1e9}e+09",
    ] == _samples(registry, "rekognition_monitor_config_last_reload")


def test_state_size_that_cannot_be_told_is_absent() -> None:
    """A database whose size cannot be read has no sample, and the scrape goes on."""

    def gone() -> int:
        raise FileNotFoundError("state.db")

    registry = CollectorRegistry()
    Instruments(registry).state_size(gone)
    assert [] == _samples(registry, "rekognition_monitor_state_size_bytes")


def test_registry_has_the_process_and_the_platform() -> None:
    """The registry that is made for the program has prometheus_client's own metrics."""
    text = generate_latest(make_registry()).decode()
    assert [True, True, True] == [name in text for name in ("process_cpu_seconds_total", "python_info", "python_gc_")]
