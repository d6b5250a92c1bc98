"""The service manager's watchdog, which ends a process that feeds it no more (sd_watchdog_enabled(3))."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_FEEDS: Final = 4
"""Times that it is fed in the time it allows: three may be missed, and half of it is what systemd advises."""


class Verdict(Enum):
    """What to do now."""

    NOTHING = "nothing"
    FEED = "feed"
    BARK = "bark"


class Watchdog:
    """Decides when to feed the watchdog, and when to have it bark at once: waiting until it is hungry helps nobody."""

    def __init__(self, patience: float) -> None:
        """*patience*: seconds that it waits to be fed."""
        self._every = patience / _FEEDS
        self._fed: float | None = None
        self._barked = False

    def look(self, now: float, stuck: Collection[str]) -> Verdict:
        """What to do at *now*, in monotonic seconds, when these loops are stuck. It barks once and is not fed again."""
        if stuck or self._barked:
            first, self._barked = not self._barked, True
            return Verdict.BARK if first else Verdict.NOTHING
        if self._fed is not None and now < self._fed + self._every:
            return Verdict.NOTHING
        self._fed = now
        return Verdict.FEED


def patience_of(environ: Mapping[str, str], pid: int) -> float | None:
    """Seconds that the watchdog waits to be fed by the process *pid*; None when nobody watches it."""
    microseconds = environ.get("WATCHDOG_USEC", "")
    if not microseconds.isdecimal() or environ.get("WATCHDOG_PID", str(pid)) != str(pid):
        return None
    return int(microseconds) / 1_000_000 or None
