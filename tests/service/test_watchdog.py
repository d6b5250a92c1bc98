"""monitor.service.watchdog"""

from __future__ import annotations

import pytest

from monitor.service.watchdog import Verdict, Watchdog, patience_of

NOTHING, FEED, BARK = Verdict


def test_it_is_fed_four_times_in_the_time_it_waits() -> None:
    """At once, then in quarters, however often one looks."""
    watchdog = Watchdog(40)

    assert [FEED, NOTHING, NOTHING, FEED, NOTHING, FEED] == [
        watchdog.look(at, {}) for at in (100.0, 101.0, 109.9, 110.0, 119.0, 121.0)
    ]


def test_it_barks_once_and_is_fed_no_more() -> None:
    """Also when the loop gets on again: the service manager has been told."""
    watchdog = Watchdog(40)

    assert [FEED, BARK, NOTHING, NOTHING] == [
        watchdog.look(at, stuck) for at, stuck in ((0.0, {}), (1.0, {"polls"}), (2.0, {"polls"}), (50.0, {}))
    ]


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "180000000"}, 180.0),
        ({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": "7"}, 0.5),
        ({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_who_is_watched(environ: dict[str, str], seconds: float | None) -> None:
    """The process that is meant, when a time is given."""
    assert seconds == patience_of(environ, 7)
