"""Times as people read them: how long ago, and exactly when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime, timedelta

_DAY: Final = 86400
_MINUTE: Final = 60
_UNITS: Final = (("d", _DAY), ("h", 3600), ("min", _MINUTE), ("s", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time: for machines, exactly, and as the span to now."""

    iso: str
    exact: str
    ago: str


def moment(when: datetime, now: datetime) -> Moment:
    """*when* as it is shown at *now*."""
    return Moment(
        iso=f"{when:%Y-%m-%dT%H:%M:%SZ}",
        exact=f"{when:%Y-%m-%d %H:%M:%S} UTC",
        ago=_age((now - when).total_seconds()),
    )


def maybe_moment(when: datetime | None, now: datetime) -> Moment | None:
    """The same of a time that may not be known."""
    return moment(when, now) if when else None


def duration(seconds: float) -> str:
    """The two largest units of a span of time: "3 d 4 h"; a negative one (clocks differ) is none."""
    left = max(int(seconds), 0)
    parts: list[str] = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break
    return " ".join(parts[:2]) or "0 s"


def _age(seconds: float) -> str:
    """A span to now; from a minute on its seconds are nobody's news."""
    return duration(seconds if seconds < _MINUTE else seconds // _MINUTE * _MINUTE)


def span(interval: timedelta | None) -> str | None:
    """A span of time that may not be known."""
    return duration(interval.total_seconds()) if interval else None
