"""What Prometheus has scraped, for `promtool test rules`: a sample each 30 seconds, and what an outage makes of it."""

from __future__ import annotations

from typing import Final, TypeAlias

STEP: Final = 30
"""Seconds between two scrapes, as the shipped configuration has it."""

Samples: TypeAlias = tuple[float | None, ...]
"""From the first scrape on; None where there is no sample."""

World: TypeAlias = dict[str, Samples]
"""The samples of each series."""

GONE_AFTER_START: Final = ("rekognition_project_up{", "rekognition_project_poll_interval_seconds{")
"""What a monitor that has just been started does not know until its first poll, a minute here."""

PERSISTENT: Final = ("rekognition_project_version_transitions_total{",)
"""Counters that stand in the database."""


def samples(*spans: tuple[float | None, float]) -> Samples:
    """Values, each with how many minutes it stays."""
    return tuple(value for value, minutes in spans for _ in range(round(minutes * 60 / STEP)))


def growing(minutes: float, each: float = 1) -> Samples:
    """A counter that grows by *each* from scrape to scrape."""
    return tuple(each * step for step in range(round(minutes * 60 / STEP)))


def failed_scrape(world: World, at: float) -> World:
    """The scrape of minute *at* fails, for every series."""
    step = _step(at)
    return {series: _without(series, values, step, step + 1) for series, values in world.items()}


def restarted(world: World, at: float) -> World:
    """The monitor is away for a minute from minute *at* on, and begins anew: what it counts, and what it knows."""
    step = _step(at)
    return {series: _begun_anew(series, values, step, step + 2) for series, values in world.items()}


def as_text(values: Samples) -> str:
    """In promtool's notation; a series ends with a stale marker, as it does when a scrape fails."""
    before = (1.0, *values[:-1])
    return " ".join(
        ("_" if previous is None else "stale") if value is None else f"{value:g}"
        for previous, value in zip(before, values, strict=True)
    )


def _step(minute: float) -> int:
    return round(minute * 60 / STEP)


def _without(series: str, values: Samples, begin: int, end: int) -> Samples:
    lost = 0.0 if series.startswith("up{") else None
    return (*values[:begin], *(lost for _ in values[begin:end]), *values[end:])


def _begun_anew(series: str, values: Samples, begin: int, end: int) -> Samples:
    late = 2 if series.startswith(GONE_AFTER_START) else 0
    away = _without(series, values, begin, end)
    after = tuple(_since_start(series, value, values[end - 1]) for value in away[end:])
    return (*away[:end], *(None for _ in after[:late]), *after[late:])


def _since_start(series: str, value: float | None, before: float | None) -> float | None:
    name = series.partition("{")[0]
    counts = name.endswith(("_total", "_bucket", "_count")) and not series.startswith(PERSISTENT)
    return value - (before or 0) if counts and value is not None else value
