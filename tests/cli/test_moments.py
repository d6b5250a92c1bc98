from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
import pytest

from monitor.cli.moments import parse_moment
from tests.builders import T0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", T0),
        ("today", datetime(2026, 11, 21, tzinfo=UTC)),
        ("Yesterday", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2h", T0 - timedelta(hours=2)),
        ("90d", T0 - timedelta(days=90)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01 12:00", datetime(2026, 11, 1, 12, tzinfo=UTC)),
        ("2026-11-01T18:00:00Z", datetime(2026, 11, 1, 18, tzinfo=UTC)),
        ("2026-11-01T18:00+02:00", datetime(2026, 11, 1, 16, tzinfo=UTC)),
        ("999999999d", datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_a_moment_is_a_word_a_duration_a_date_or_a_time(text: str, expected: datetime) -> None:
    """What does not say its zone is UTC."""
    assert parse_moment(text, T0, "--since") == expected


@pytest.mark.parametrize("text", ["", "tomorrow", "2", "-2h", "2026-13-01"])
def test_other_text_is_refused(text: str) -> None:
    """Wrong use, with the option and what to write instead."""
    with pytest.raises(click.BadParameter, match="write today, yesterday, now, a duration") as caught:
        parse_moment(text, T0, "--until")
    assert caught.value.param_hint == "--until"
