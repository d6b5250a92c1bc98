"""Facts as short texts for people."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.domain.snapshot import Tracked
    from monitor.domain.version import Version

NOTHING: Final = "-"
"""Stands where there is no value."""

_UNITS: Final = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def span(duration: timedelta) -> str:
    """A duration by its two largest units, the rest cut off: `3d 4h`, `12m`, `0s`. A negative one is `0s`."""
    seconds = max(0, int(duration.total_seconds()))
    for position, (unit, size) in enumerate(_UNITS):
        if seconds >= size:
            following = _part(seconds % size, *_UNITS[position + 1]) if size > 1 else ""
            return f"{seconds // size}{unit}{following}"
    return "0s"


def _part(seconds: int, unit: str, size: int) -> str:
    return f" {seconds // size}{unit}" if seconds >= size else ""


def moment(time: datetime) -> str:
    """A UTC time to the second: `2026-11-21T18:00:00Z`."""
    return f"{time:%Y-%m-%dT%H:%M:%S}Z"


def since(tracked: Tracked, now: datetime) -> str:
    """How long a version has had its status; `≥` where it may be longer."""
    return ("≥ " if tracked.at_least else "") + span(now - tracked.status_since)


def score(version: Version) -> str:
    """The F1 score, three digits."""
    return NOTHING if version.f1_score is None else f"{version.f1_score:.3f}"


def units(version: Version) -> str:
    """The inference units: `1`, or `1-4` where AWS scales between two numbers."""
    numbers = {number for number in (version.min_inference_units, version.max_inference_units) if number is not None}
    return "-".join(str(number) for number in sorted(numbers)) or NOTHING


def training_time(version: Version) -> str:
    """The billable training time."""
    seconds = version.billable_training_time_in_seconds
    return NOTHING if seconds is None else span(timedelta(seconds=seconds))


def count(number: int, noun: str) -> str:
    """`1 event`, `2 events`; *noun* is in the singular, and in the plural after a `/` where it does not end with s."""
    singular, _, plural = noun.partition("/")
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
