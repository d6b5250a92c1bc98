"""monitor.logs"""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog
from urllib3 import PoolManager

from monitor import logs
from tests.sinks.receiver import Receiver, raw


def written(level: str, form: str) -> list[str]:
    """The lines that are left of one entry of each level, and of a library's."""
    stream = io.StringIO()
    logs.configure(level, form, stream)
    log = structlog.get_logger("monitor.somewhere")
    log.debug("poll.failed", project="p")
    log.info("poll.completed", seconds=0.5, request_ids=("r-1",))
    log.warning("version.refused", message="one\ntwo \x1b[31mred \u202eback")
    logging.getLogger("botocore").info("not to be heard")
    logging.getLogger("botocore").warning("connection pool is %s", "full")
    return stream.getvalue().splitlines()


def test_json_is_one_object_a_line() -> None:
    """Our fields are fields, what libraries say looks the same, and text from outside stays in its line."""
    entries = [json.loads(line) for line in written("info", "json")]
    times = [entry.pop("timestamp") for entry in entries]

    assert [
        {"event": "poll.completed", "level": "info", "seconds": 0.5, "request_ids": ["r-1"]},
        {"event": "version.refused", "level": "warning", "message": "one\ntwo \x1b[31mred \u202eback"},
        {"event": "connection pool is full", "level": "warning"},
    ] == entries
    assert all(time.endswith("Z") for time in times)


@pytest.mark.parametrize(("level", "count"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 0)])
def test_the_level_is_the_least_that_is_written(level: str, count: int) -> None:
    """Libraries are heard from warnings on, whatever the level."""
    assert count == len(written(level, "json"))


def test_people_see_what_text_from_outside_tries() -> None:
    """No control character, line break or turned reading direction reaches the terminal."""
    [line] = [line for line in written("info", "console") if "version.refused" in line]

    assert line.isprintable()
    assert "x1b[31mred" in line


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_no_local_variables(form: str) -> None:
    """They may hold secrets."""
    stream = io.StringIO()
    logs.configure("info", form, stream)
    password = ["hunter2"]
    try:
        _ = password[1]
    except IndexError:
        structlog.get_logger().exception("poll.crashed")

    assert "Traceback" in stream.getvalue()
    assert password[0] not in stream.getvalue()


def test_a_later_configuration_takes_the_place_of_the_earlier() -> None:
    """A reload changes level and form of loggers that exist already."""
    first, second = io.StringIO(), io.StringIO()
    log = structlog.get_logger()
    logs.configure("info", "json", first)
    log.info("one.told")
    logs.configure("warning", "json", second)
    log.info("two.told")
    log.warning("three.told")

    assert [["one.told"], ["three.told"]] == [
        [json.loads(line)["event"] for line in stream.getvalue().splitlines()] for stream in (first, second)
    ]


def test_no_address_is_told_by_a_library() -> None:
    """An answer with a header that is none would be logged with the URL that was asked."""
    stream = io.StringIO()
    logs.configure("debug", "json", stream)
    with Receiver(raw(b"HTTP/1.1 200 OK\r\nthis is no header\r\n\r\n")) as receiver, PoolManager() as pool:
        pool.request("POST", f"{receiver.url}/hunter2")
    assert "" == stream.getvalue()
