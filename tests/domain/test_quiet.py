from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.quiet import QuietWindow, held_below, longest_hold
from monitor.domain.severity import Severity

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def window(begins: str = "22:00", ends: str = "07:00", **differing: Any) -> QuietWindow:
    """Every night in UTC, of everything below an error, but for what differs."""
    ordinary: dict[str, Any] = {"zone": UTC, "below": Severity.ERROR}
    return QuietWindow(begins=time.fromisoformat(begins), ends=time.fromisoformat(ends), **ordinary | differing)


@pytest.mark.parametrize(
    ("given", "moment", "expected"),
    [
        (window(), "2026-11-16T21:59:59+00:00", False),
        (window(), "2026-11-16T22:00:00+00:00", True),
        (window(), "2026-11-17T06:59:59+00:00", True),
        (window(), "2026-11-17T07:00:00+00:00", False),
        (window("12:00", "13:00"), "2026-11-17T12:59:59+00:00", True),
        (window("12:00", "13:00"), "2026-11-17T13:00:00+00:00", False),
        (window(zone=BERLIN), "2026-11-16T21:00:00+00:00", True),
        (window(zone=BERLIN), "2026-07-16T20:00:00+00:00", True),
        (window(zone=BERLIN), "2026-07-16T19:59:59+00:00", False),
        (window(days=frozenset({4})), "2026-11-21T06:00:00+00:00", True),
        (window(days=frozenset({4})), "2026-11-21T23:00:00+00:00", False),
        (window("00:00", "00:00", days=frozenset({5, 6})), "2026-11-21T00:00:00+00:00", True),
        (window("00:00", "00:00", days=frozenset({5, 6})), "2026-11-22T23:59:59+00:00", True),
        (window("00:00", "00:00", days=frozenset({5, 6})), "2026-11-23T00:00:00+00:00", False),
    ],
)
def test_a_window_holds_from_its_first_minute_to_its_last(given: QuietWindow, moment: str, expected: bool) -> None:  # noqa: FBT001 - a case
    """By the clocks of its zone; one that ends the next day belongs to the day on which it begins."""
    assert given.holds(datetime.fromisoformat(moment)) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-10-25T00:30:00+00:00", True),
        ("2026-10-25T01:30:00+00:00", True),
        ("2026-10-25T02:30:00+00:00", False),
    ],
)
def test_a_window_is_longer_in_the_night_that_is(moment: str, expected: bool) -> None:  # noqa: FBT001 - a case
    """Half past two comes twice when the clocks are put back, and both are before three."""
    assert window("01:00", "03:00", zone=BERLIN).holds(datetime.fromisoformat(moment)) is expected


def test_the_strictest_of_the_windows_that_hold_counts() -> None:
    """Where nights and weekends overlap, only what neither holds is told."""
    nights, weekends = window(), window("00:00", "00:00", days=frozenset({5, 6}), below=Severity.CRITICAL)
    moments = [MONDAY + timedelta(days=day, hours=hour) for day, hour in ((1, 12), (1, 23), (5, 12), (5, 23))]
    assert [None, Severity.ERROR, Severity.CRITICAL, Severity.CRITICAL] == [
        held_below((nights, weekends), moment) for moment in moments
    ]


@pytest.mark.parametrize(
    ("windows", "hours"),
    [
        ((), 0),
        ((window(),), 9),
        ((window(), window("00:00", "00:00", days=frozenset({5, 6}))), 57),
        ((window("00:00", "00:00"),), 14 * 24),
    ],
)
def test_the_longest_hold_is_found(windows: tuple[QuietWindow, ...], hours: int) -> None:
    """Nights and weekends together hold from Friday night to Monday morning; windows without a gap for ever."""
    assert timedelta(hours=hours) == longest_hold(windows, MONDAY, step=QUARTER)
