"""The colours, as rich names them. A word always stands beside its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.domain.events import status_severity
from monitor.domain.severity import Severity
from monitor.domain.status import RUNNING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.domain.status import Status

SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.INFO: "",
    Severity.WARNING: "yellow",
    Severity.ERROR: "red",
    Severity.CRITICAL: "bold red",
}


def status_style(status: Status) -> str:
    """Red and yellow by severity; what runs (and costs) is green, what is under way is cyan."""
    if not status.known:
        return "yellow"
    if status == RUNNING:
        return "bold green"
    return "cyan" if status.transient else SEVERITIES[status_severity(status)]
