from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from monitor.cli.history import PAGE, follow, past
from monitor.domain.events import event_id
from monitor.domain.inquiry import Inquiry
from tests.cli.state import arrival, change, open_store, store_events

if TYPE_CHECKING:
    from pathlib import Path


class _StopError(Exception):
    """Ends a `follow` that would go on for ever."""


def test_the_newest_come_last(tmp_path: Path) -> None:
    """A limit leaves the old ones out, not the new."""
    store_events(tmp_path, change(1), change(2), change(3))
    with open_store(tmp_path) as store:
        pages = [[m.position for m in page] for page in past(store.records, Inquiry(), 2)]
    assert pages == [[2, 3]]


def test_without_a_limit_everything_is_read(tmp_path: Path) -> None:
    """Page by page, however much it is."""
    store_events(tmp_path, *(change(minute) for minute in range(PAGE + 1)))
    with open_store(tmp_path) as store:
        pages = [len(page) for page in past(store.records, Inquiry(), None)]
    assert pages == [PAGE, 1]


def test_nothing_of_the_past_may_be_asked_for(tmp_path: Path) -> None:
    """A limit of 0 is for `--follow`."""
    store_events(tmp_path, change(1))
    with open_store(tmp_path) as store:
        assert list(past(store.records, Inquiry(), 0)) == []


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
        for page in follow(store.records, Inquiry(projects=("getting-started",)), pause):
            told += [message.id for message in page]
    subject = change(1).subject
    assert told == [event_id(subject, change(1).type, sequence) for sequence in (2, 3, 4)]
