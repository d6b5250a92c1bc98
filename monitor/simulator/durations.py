"""Durations as people write them in a scenario: 500ms, 30s, 5m, 1h, 90d."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

_FORM = re.compile(r"(?P<count>\d+(?:\.\d+)?)(?P<unit>ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def parse_duration(value: Any) -> timedelta:
    """Takes a timedelta or a text such as `30m`; raises ValueError for anything else."""
    if isinstance(value, timedelta):
        return value
    found = _FORM.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is not a duration; write it like 500ms, 30s, 5m, 1h or 90d")
    return timedelta(seconds=float(found["count"]) * _SECONDS[found["unit"]])


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
