from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.sinks.answers import Answer, first_line, judge, seconds_until

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (None, None),
        ("120", 120.0),
        (" 0 ", 0.0),
        ("99999999999999999999", 1e9),
        ("Sat, 21 Nov 2026 12:00:30 GMT", 30.0),
        ("Saturday, 21-Nov-26 12:00:30 GMT", 30.0),
        ("Sat Nov 21 12:00:30 2026", 30.0),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0.0),
        ("Sat, 21 Nov 2026 12:00:30 -0000", 30.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("٣", None),
        ("Sat, 99 Nov 2026 12:00:30 GMT", None),
    ],
)
def test_reads_retry_after(written: str | None, expected: float | None) -> None:
    """Seconds, or one of the three forms of a date (RFC 9110, 5.6.7); the past is now, and anything else is nothing."""
    assert expected == seconds_until(written, NOON)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", ""),
        (b"\r\n\n  first \nsecond", "first"),
        (b"caf\xe9 \x1b[2J", "caf\N{REPLACEMENT CHARACTER} \\x1b[2J"),
        (b"token=s3cret", "token=***"),
        (b"x" * 201, "x" * 200 + "…"),
        (b"y" * 197 + b"s3cret", "y" * 197 + "***"),
    ],
)
def test_keeps_one_line_that_can_be_shown(body: bytes, expected: str) -> None:
    """The first with anything on it, visible, short, and without the secrets that were sent."""
    assert expected == first_line(body, ["s3cret", "x", ""])


def test_a_stop_says_what_it_means() -> None:
    """Whoever reads the log learns why nothing more is sent, and what ends that."""
    error = judge(Answer(status=410, line="unsubscribed"), "h", NOON)
    assert (
        "h answered 410 Gone: unsubscribed; "
        "the receiver wants nothing more, so nothing is sent there until the configuration is loaded again"
    ) == str(error)
