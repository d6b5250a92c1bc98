from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING

import pytest

from monitor.store import StateLock
from tests.builders import at
from tests.cli.state import NOTHING_YET, arrival, change, store_events, write_config
from tests.cli.terminal import DEADLINE, Ran, run_here, start

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "2026-11-21T18:01:00Z  info      getting-started / v1: STARTING -> RUNNING\n"
SECOND = "2026-11-21T18:02:00Z  info      second / v2: appeared, TRAINING_IN_PROGRESS\n"
THIRD = "2026-11-21T18:03:00Z  critical  getting-started / v1: RUNNING -> FAILED  (out of memory)\n"


def _history(folder: Path) -> str:
    """The path of a configuration whose database holds three events."""
    store_events(folder, change(1), arrival(2), change(3, "RUNNING", "FAILED", message="out of memory"))
    return str(write_config(folder))


def test_the_history_is_a_line_an_event(tmp_path: Path) -> None:
    """The newest last, next to the prompt."""
    ran = run_here("events", "--config", _history(tmp_path))
    assert ran == Ran(code=0, out=FIRST + SECOND + THIRD, err=NOTHING_YET)


def test_since_and_project_choose(tmp_path: Path) -> None:
    """Both have to fit."""
    ran = run_here("events", "--config", _history(tmp_path), "--since", "2m", "--project", "getting-*", now=at(4))
    assert ran == Ran(code=0, out=THIRD, err=NOTHING_YET)


def test_a_limit_leaves_the_newest(tmp_path: Path) -> None:
    """Those are what is asked for most."""
    ran = run_here("events", "--config", _history(tmp_path), "--limit", "2")
    assert ran == Ran(code=0, out=SECOND + THIRD, err=NOTHING_YET)


def test_machines_get_a_cloudevent_a_line(tmp_path: Path) -> None:
    """The documents as they were stored."""
    ran = run_here("events", "--config", _history(tmp_path), "--output", "json")
    expected = [change(1), arrival(2), change(3, "RUNNING", "FAILED", message="out of memory")]
    assert [json.loads(line) for line in ran.out.splitlines()] == [event.document for event in expected]


def test_a_time_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    """Before anything is read."""
    ran = run_here("events", "--config", str(write_config(tmp_path)), "--since", "tomorrow")
    assert (ran.code, ran.out, "'tomorrow' is no time; write today, yesterday" in ran.err) == (2, "", True)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--until", "2026-11-21 18:02"], [FIRST]),
        (["--since", "today", "--until", "now"], [FIRST, SECOND]),
        (["--status", "failed"], [THIRD]),
        (["--severity", "error"], [THIRD]),
        (["--type", "appeared"], [SECOND]),
        (["--type", "appeared", "--type", "project_version.status_changed", "--region", "eu-west-1"], [SECOND]),
        (["--version", "v1", "--account", "111122223333"], [FIRST, THIRD]),
        (["--account", "444455556666"], []),
        (["--text", "out of mem"], [THIRD]),
        (["--text", "MEMORY us-east-1 failed"], [THIRD]),
        (["--text", "memory lost"], []),
    ],
)
def test_options_choose_events(tmp_path: Path, options: list[str], expected: list[str]) -> None:
    """All that are given have to fit."""
    ran = run_here("events", "--config", _history(tmp_path), *options, now=at(3))
    assert ran == Ran(code=0, out="".join(expected), err=NOTHING_YET)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--follow", "--until", "now"], "--follow goes on with what comes; leave --until out"),
        (["--type", "changed"], "'changed' is no type of event; there are: rekognition.project_version.appeared,"),
    ],
)
def test_what_makes_no_sense_is_wrong_use(tmp_path: Path, options: list[str], expected: str) -> None:
    """With what to do instead."""
    ran = run_here("events", "--config", str(write_config(tmp_path)), *options)
    assert (ran.code, ran.out, expected in ran.err) == (2, "", True)


def test_following_goes_on_until_interrupted(tmp_path: Path) -> None:
    """What another process stores is told at once, and that the monitor starts; Ctrl-C ends it without a traceback."""
    config = _history(tmp_path)
    with start("events", "--config", config, "--limit", "1", "--follow") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        store_events(tmp_path, change(4, "FAILED", "STARTING"))
        second = process.stdout.readline()
        lock = StateLock(f"sqlite:///{tmp_path}/state.db")
        lock.acquire()
        assert process.stderr is not None
        notices = [process.stderr.readline(), process.stderr.readline()]
        lock.release()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=DEADLINE)
    told = "2026-11-21T18:04:00Z  info      getting-started / v1: FAILED -> STARTING\n"
    started = f"The monitor is running (process {os.getpid()}). It has had no answer yet.\n"
    assert (first, second, notices, process.returncode) == (THIRD, told, [NOTHING_YET, started], 130)
    assert "Traceback" not in errors
