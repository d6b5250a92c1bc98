from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.aws.settings import AwsSettings, longest_poll

SETTINGS = AwsSettings(
    connect_timeout=timedelta(seconds=5),
    read_timeout=timedelta(seconds=20),
    endpoint_url=None,
    profile=None,
    workers=8,
    max_calls_per_second=1,
)


def test_the_longest_poll_holds_all_attempts_and_waits() -> None:
    """Two attempts of 25 s, each after 8 turns of 8 s at the slowest rate, and 6 s between them."""
    assert longest_poll(SETTINGS) == timedelta(seconds=2 * (64 + 25) + 6)


def test_the_longest_poll_follows_the_time_outs() -> None:
    """Longer time-outs count once for each attempt."""
    longer = replace(SETTINGS, read_timeout=timedelta(seconds=60), connect_timeout=timedelta(seconds=10))

    assert longest_poll(longer) - longest_poll(SETTINGS) == timedelta(seconds=2 * 45)
