from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.cli.notice import presence_line
from monitor.service.presence import Presence
from tests.builders import T0, at

if TYPE_CHECKING:
    from datetime import datetime


@pytest.mark.parametrize(
    ("presence", "seen_at", "expected"),
    [
        (
            Presence(running=True, process="7"),
            T0,
            "The monitor is running (process 7). Its last answer from AWS is 1h 5m old (2026-11-21T18:00:00Z).",
        ),
        (Presence(running=True), None, "The monitor is running. It has had no answer yet."),
        (
            Presence(running=False),
            T0,
            "The monitor is not running. Its last answer from AWS is 1h 5m old (2026-11-21T18:00:00Z).",
        ),
        (
            Presence(running=None),
            None,
            "Whether the monitor runs cannot be told: its lock file may not be read. It has had no answer yet.",
        ),
    ],
)
def test_a_line_says_what_the_rest_is_worth(presence: Presence, seen_at: datetime | None, expected: str) -> None:
    """Whether somebody keeps it up to date, and how old it is."""
    assert presence_line(presence, seen_at, at(65)) == expected
