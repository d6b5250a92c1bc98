"""From the settings of a sink to what it is told, and on what terms."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.config.sinks import AppriseSink, FileSink
from monitor.dispatcher import Terms
from monitor.domain.events import EventType
from monitor.domain.flapping import FlappingPolicy
from monitor.domain.quiet import EVERY_DAY, QuietWindow
from monitor.domain.retry import RetryPolicy
from monitor.domain.routing import Route
from monitor.domain.severity import Severity
from monitor.service.terms import route_of, terms_of

DEFAULT = RetryPolicy(max_attempts=5000, max_age=timedelta(days=3))


def a_file(**settings: Any) -> FileSink:
    return FileSink.model_validate({"name": "audit", "type": "file", "path": "x", **settings})


def a_chat(**settings: Any) -> AppriseSink:
    return AppriseSink.model_validate(
        {"name": "chat", "type": "apprise", "service_url": "json://127.0.0.1", **settings}
    )


def test_every_filter_gets_into_the_route() -> None:
    """Types whole, severities as such."""
    sink = a_file(
        types=["recovered"],
        min_severity="warning",
        projects=["shop-*"],
        versions=["prod-*"],
        labels={"team": "vis*"},
        statuses=["RUNNING"],
    )
    assert route_of(sink) == Route(
        sink="audit",
        types=frozenset({EventType.PROJECT_RECOVERED}),
        min_severity=Severity.WARNING,
        projects=("shop-*",),
        versions=("prod-*",),
        labels={"team": "vis*"},
        statuses=frozenset({"RUNNING"}),
    )


def test_statuses_before_and_after_get_into_the_route() -> None:
    """Each to its own end of a move."""
    sink = a_file(statuses={"from": ["RUNNING"], "to": ["FAILED", "STOPPED"]})
    assert route_of(sink) == Route(sink="audit", left=frozenset({"RUNNING"}), statuses=frozenset({"FAILED", "STOPPED"}))


def test_nothing_said_is_everything_at_once() -> None:
    """One call at a time, for three days."""
    assert (Route(sink="audit"), Terms(policy=DEFAULT)) == (route_of(a_file()), terms_of(a_file()))


def test_quiet_windows_get_into_the_terms() -> None:
    """With their zone; without days on every day."""
    sink = a_file(
        quiet=[
            {"from": "22:00", "to": "07:30", "zone": "Europe/Berlin", "below": "critical"},
            {"days": ["sat", "sun"]},
        ]
    )
    berlin, utc = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
    assert terms_of(sink).quiet == (
        QuietWindow(begins=time(22), ends=time(7, 30), days=EVERY_DAY, zone=berlin, below=Severity.CRITICAL),
        QuietWindow(begins=time(0), ends=time(0), days=frozenset({5, 6}), zone=utc, below=Severity.ERROR),
    )


def test_only_people_are_spared_what_flaps() -> None:
    """By the policy of the file, or not at all where it says null."""
    own = a_chat(flapping={"changes": 3, "within": "5m", "longest": "30m"})
    expected = FlappingPolicy(changes=3, within=timedelta(minutes=5), longest=timedelta(minutes=30))
    assert [expected, FlappingPolicy(), None, None] == [
        terms_of(sink).flapping for sink in (own, a_chat(), a_chat(flapping=None), a_file())
    ]


def test_how_long_and_how_many_at_once_get_into_the_terms() -> None:
    """As the file says."""
    terms = terms_of(a_chat(max_attempts=7, max_age="2h", concurrency=3))
    assert (RetryPolicy(max_attempts=7, max_age=timedelta(hours=2)), 3) == (terms.policy, terms.concurrency)
