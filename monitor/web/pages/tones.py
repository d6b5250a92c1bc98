"""Colours, by name. A word always stands beside its colour, and a shape: colour alone tells nobody anything."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from monitor.domain.events import status_severity
from monitor.domain.severity import Severity
from monitor.domain.status import RUNNING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.domain.status import Status

RUNS: Final = "running"
BUSY: Final = "busy"
BAD: Final = "bad"
ODD: Final = "odd"
IDLE: Final = "idle"

URGENCY: Final[Mapping[str, int]] = {BAD: 0, ODD: 1, BUSY: 2, RUNS: 3, IDLE: 4}
"""What somebody should look at first."""

SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.CRITICAL: BAD,
    Severity.ERROR: BAD,
    Severity.WARNING: ODD,
    Severity.INFO: IDLE,
}


@lru_cache(maxsize=256)  # of unknown words there is no end
def tone(status: Status) -> str:
    """The colour of a status."""
    if status == RUNNING:
        return RUNS
    if status.transient:
        return BUSY
    if status_severity(status) >= Severity.ERROR:
        return BAD
    if status_severity(status) is Severity.WARNING or not status.known:
        return ODD
    return IDLE
