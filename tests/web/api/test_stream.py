from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from monitor.errors import StateUnavailableError
from monitor.service.bell import Bell
from tests.builders import at, version
from tests.store.commits import poll
from tests.web.api.house import HOME, TRAINED, V2, inhabited
from tests.web.serving import NoRecords, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from monitor.domain.delivery import Message
    from monitor.domain.inquiry import Inquiry
    from tests.web.api.house import House

STREAM = {"Accept": "text/event-stream"}
ALL = "/api/v1/events?after=0"


def positions(lines: Iterator[str], count: int) -> list[int]:
    """The ids of the next *count* events."""
    found: list[int] = []
    while len(found) < count:
        name, _, value = next(lines).partition(": ")
        if name == "id":
            found.append(int(value))
    return found


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        (ALL, STREAM, [1, 2, 3, 4, 5, 6]),
        ("/api/v1/events?after=4&stream=true", {}, [5, 6]),
        ("/api/v1/events?after=0", {**STREAM, "Last-Event-ID": "5"}, [6]),
        ("/api/v1/events?after=0&version=v1&limit=1&order=newest&before=2&until=2h", STREAM, [1, 3, 5]),
    ],
    ids=["accept", "parameter", "resumed", "filtered"],
)
def test_a_stream_begins_where_it_is_asked_to(
    house: House, path: str, headers: dict[str, str], expected: list[int]
) -> None:
    """After a position, with what is wanted, however it is asked for."""
    with house.client.stream("GET", path, headers=headers) as answer:
        assert ("text/event-stream; charset=utf-8", "no-store", expected) == (
            answer.headers["content-type"],
            answer.headers["cache-control"],
            positions(answer.iter_lines(), len(expected)),
        )


def test_an_event_is_its_document_on_one_line(house: House) -> None:
    """With its position as the id to go on after."""
    [message] = house.store.events(after=5)
    with house.client.stream("GET", "/api/v1/events?after=5", headers=STREAM) as answer:
        lines = answer.iter_lines()
        found = [next(line for line in lines if line.startswith(name)) for name in ("retry", "id", "data")]
    assert ["retry: 2000", "id: 6", f"data: {message.document.decode()}"] == found


def test_what_happens_is_pushed(tmp_path: Path) -> None:
    """From now on, when nobody says where to begin; what is not wanted is not, and costs no second look."""
    bell = Bell()
    with inhabited(tmp_path, subscribe=bell.subscribe) as house:
        with house.client.stream("GET", "/api/v1/events?version=v2", headers=STREAM) as answer:
            lines = answer.iter_lines()
            next(lines)
            for minute, status in ((50, "RUNNING"), (51, "STOPPING")):
                poll(house.store, TRAINED, version("v4", status), at=at(minute), of=HOME)
                bell.ring()
            done = version("v2", "DELETING", creation_timestamp=at(0.5))
            poll(house.store, done, version("v4", "STOPPING"), at=at(52), of=HOME)
            bell.ring()
            assert [9] == positions(lines, 1)
        [told] = house.store.events(after=8)
    assert V2 == told.subject


def test_streams_end_when_the_program_stops() -> None:
    """At once, not when they time out; and none begins any more."""
    bell, stopping = Bell(), threading.Event()
    with client_of(subscribe=bell.subscribe, stopping=stopping.is_set) as client, ThreadPoolExecutor() as pool:
        with client.stream("GET", "/api/v1/events", headers=STREAM) as answer:
            lines = answer.iter_lines()
            assert "retry: 2000" == next(lines)
            rest = pool.submit(lambda: list(lines))
            stopping.set()
            bell.ring()
            ended = rest.result(60)
        refused = client.get("/api/v1/events", headers=STREAM)
    assert ({"", ":"}, 503, "10") == ({*ended, "", ":"}, refused.status_code, refused.headers["retry-after"])


class Failing(NoRecords):
    """A history that ends at 1, and cannot be read."""

    def newest_position(self) -> int:
        return 1

    def events(self, _inquiry: Inquiry) -> Sequence[Message]:
        raise StateUnavailableError("database is locked")


def test_a_database_that_fails_ends_the_stream() -> None:
    """The client comes again by itself, and goes on where it was."""
    with capture_logs() as logs, client_of(records=Failing()) as client:
        text = client.get(ALL, headers=STREAM).text
    assert ("retry: 2000\n\n:\n\n", [("stream.ended", "database is locked")]) == (
        text,
        [(line["event"], line["error"]) for line in logs],
    )


@pytest.mark.parametrize("header", ["x", "-1"])
def test_a_position_that_is_none_is_refused(house: House, header: str) -> None:
    """Rather than begin somewhere."""
    answer = house.client.get(ALL, headers={**STREAM, "Last-Event-ID": header})
    assert (400, ["Last-Event-ID"]) == (answer.status_code, [each["parameter"] for each in answer.json()["errors"]])
