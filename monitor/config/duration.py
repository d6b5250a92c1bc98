"""Durations as the file writes them: a whole number and one unit, as in `30s`, `5m`, `1h`, `90d`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

PATTERN: Final = r"\d{1,9}[smhd]"
"""Nine digits, so that no number of days is beyond what `timedelta` holds."""

_FORM: Final = re.compile(r"(\d{1,9})([smhd])", re.ASCII)
_COMPOUND: Final = re.compile(r"(?:\d{1,6}[smhd]){2,8}", re.ASCII)
_PART: Final = re.compile(r"(\d+)([smhd])", re.ASCII)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text: str) -> timedelta:
    """The duration that *text* writes. Raises ValueError with what to write instead."""
    form = _FORM.fullmatch(text)
    if form is not None:
        return timedelta(seconds=int(form[1]) * _SECONDS[form[2]])
    if _COMPOUND.fullmatch(text):
        total = sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
        raise ValueError(f"has more than one unit: write {format_duration(timedelta(seconds=total))}")
    raise ValueError("is not a duration: write a whole number and a unit, as in 30s, 5m, 1h or 90d")


def format_duration(duration: timedelta) -> str:
    """The shortest text that `parse_duration` reads as *duration*; a part of a second is cut off."""
    seconds = int(duration.total_seconds())
    for unit in ("d", "h", "m"):
        if seconds and seconds % _SECONDS[unit] == 0:
            return f"{seconds // _SECONDS[unit]}{unit}"
    return f"{seconds}s"


def read_duration(value: object) -> timedelta:
    """A value of the file, or a `timedelta` that a caller made. Raises ValueError with what to write instead."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str):
        return parse_duration(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9:
        short = format_duration(timedelta(seconds=value))
        plain = f"{value}s"
        raise ValueError(f"has no unit (s, m, h or d): write {plain}" + (f" or {short}" if short != plain else ""))
    raise ValueError("is not a duration: write a whole number and a unit, as in 30s, 5m, 1h or 90d")
