"""Who keeps what is shown up to date, and how old it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.cli.text import moment, span

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.service.presence import Presence


def presence_line(presence: Presence, seen_at: datetime | None, now: datetime) -> str:
    """One line: whether the monitor runs, and when it last had a complete answer (*seen_at*; None for never)."""
    return f"{_runs(presence)} {_age(seen_at, now)}"


def _runs(presence: Presence) -> str:
    if presence.running is None:
        return "Whether the monitor runs cannot be told: its lock file may not be read."
    if presence.running:
        return f"The monitor is running{f' (process {presence.process})' if presence.process else ''}."
    return "The monitor is not running."


def _age(seen_at: datetime | None, now: datetime) -> str:
    if seen_at is None:
        return "It has had no answer yet."
    return f"Its last answer from AWS is {span(now - seen_at)} old ({moment(seen_at)})."
