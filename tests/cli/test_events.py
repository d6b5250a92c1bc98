from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

from tests.builders import at
from tests.cli.state import arrival, change, store_events, write_config
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
    assert ran == Ran(code=0, out=FIRST + SECOND + THIRD, err="")


def test_since_and_project_choose(tmp_path: Path) -> None:
    """Both have to fit."""
    ran = run_here("events", "--config", _history(tmp_path), "--since", "2m", "--project", "getting-*", now=at(4))
    assert ran == Ran(code=0, out=THIRD, err="")


def test_a_limit_leaves_the_newest(tmp_path: Path) -> None:
    """Those are what is asked for most."""
    ran = run_here("events", "--config", _history(tmp_path), "--limit", "2")
    assert ran == Ran(code=0, out=SECOND + THIRD, err="")


def test_machines_get_a_cloudevent_a_line(tmp_path: Path) -> None:
    """The documents as they were stored."""
    ran = run_here("events", "--config", _history(tmp_path), "--output", "json")
    expected = [change(1), arrival(2), change(3, "RUNNING", "FAILED", message="out of memory")]
    assert [json.loads(line) for line in ran.out.splitlines()] == [event.document for event in expected]


def test_a_time_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    """Before anything is read."""
    ran = run_here("events", "--config", str(write_config(tmp_path)), "--since", "yesterday")
    assert (ran.code, ran.out, "'yesterday' is no time; write a duration (2h)" in ran.err) == (2, "", True)


def test_following_goes_on_until_interrupted(tmp_path: Path) -> None:
    """What another process stores is told at once; Ctrl-C ends it with 130 and no traceback."""
    config = _history(tmp_path)
    with start("events", "--config", config, "--limit", "1", "--follow") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        store_events(tmp_path, change(4, "FAILED", "STARTING"))
        second = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=DEADLINE)
    told = "2026-11-21T18:04:00Z  info      getting-started / v1: FAILED -> STARTING\n"
    assert (first, second, process.returncode, errors.strip()) == (THIRD, told, 130, "")
