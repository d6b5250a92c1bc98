from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click
import pytest

from monitor.cli.history import PAGE, follow, newest_position, parse_since, past
from monitor.domain.events import event_id
from tests.builders import T0
from tests.cli.state import arrival, change, open_store, store_events

if TYPE_CHECKING:
    from pathlib import Path


class _StopError(Exception):
    """Ends a `follow` that would go on for ever."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", T0 - timedelta(hours=2)),
        ("90d", T0 - timedelta(days=90)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T18:00", datetime(2026, 11, 1, 18, tzinfo=UTC)),
        ("2026-11-01T18:00:00Z", datetime(2026, 11, 1, 18, tzinfo=UTC)),
        ("2026-11-01T18:00+02:00", datetime(2026, 11, 1, 16, tzinfo=UTC)),
        ("999999999d", datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_since_is_a_duration_a_date_or_a_time(text: str, expected: datetime) -> None:
    """What does not say its zone is UTC."""
    assert parse_since(text, T0) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2", "-2h", "2026-13-01"])
def test_since_refuses_other_text(text: str) -> None:
    """Wrong use, with what to write instead."""
    with pytest.raises(click.BadParameter, match="write a duration"):
        parse_since(text, T0)


def test_an_empty_history_ends_at_nothing(tmp_path: Path) -> None:
    """Positions begin at 1."""
    with open_store(tmp_path) as store:
        assert newest_position(store) == 0


def test_the_newest_come_last(tmp_path: Path) -> None:
    """A limit leaves the old ones out, not the new."""
    store_events(tmp_path, change(1), change(2), change(3))
    with open_store(tmp_path) as store:
        pages = [[m.position for m in page] for page in past(store, project=None, since=None, limit=2)]
    assert pages == [[2, 3]]


def test_without_a_limit_everything_is_read(tmp_path: Path) -> None:
    """Page by page, however much it is."""
    store_events(tmp_path, *(change(minute) for minute in range(PAGE + 1)))
    with open_store(tmp_path) as store:
        pages = [len(page) for page in past(store, project=None, since=None, limit=None)]
    assert pages == [PAGE, 1]


def test_nothing_of_the_past_may_be_asked_for(tmp_path: Path) -> None:
    """A limit of 0 is for `--follow`."""
    store_events(tmp_path, change(1))
    with open_store(tmp_path) as store:
        assert list(past(store, project=None, since=None, limit=0)) == []


def test_following_tells_what_is_stored_meanwhile(tmp_path: Path) -> None:
    """Once each, also when several came in one pause or none did."""
    meanwhile = iter([[change(1)], [], [change(2), arrival(2), change(3)]])

    def pause() -> None:
        events = next(meanwhile, None)
        if events is None:
            raise _StopError
        store_events(tmp_path, *events)

    told: list[str] = []
    with open_store(tmp_path) as store, suppress(_StopError):
        for page in follow(store, project="getting-started", after=0, pause=pause):
            told += [message.id for message in page]
    subject = change(1).subject
    assert told == [event_id(subject, change(1).type, sequence) for sequence in (2, 3, 4)]
