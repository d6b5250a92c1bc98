from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from monitor.domain.delivery import DeliveryState
from tests.builders import at
from tests.cli.state import arrival, change, give_up, open_store, store_events, write_config
from tests.cli.terminal import Ran, run_here

if TYPE_CHECKING:
    from pathlib import Path


def _outbox(folder: Path) -> str:
    """The path of a configuration whose database holds a dead delivery for `ops`, and one that waits for two sinks."""
    store_events(folder, change(1), sinks=("ops",))
    store_events(folder, arrival(2), sinks=("audit", "ops"))
    give_up(folder, "ops", 1)
    return str(write_config(folder))


def _states(folder: Path) -> list[tuple[str, int, str, int]]:
    """Sink, position, state and attempts of every delivery."""
    with open_store(folder) as store:
        found = store.outbox(states=frozenset(DeliveryState))
        return [(each.sink, each.message.position, str(each.state), each.attempts) for each in found]


BEFORE = [("ops", 1, "dead", 3), ("audit", 2, "pending", 0), ("ops", 2, "pending", 0)]


def test_the_list_says_what_waits_and_what_died(tmp_path: Path) -> None:
    """The oldest first, each with the id that `retry` and `discard` take."""
    ran = run_here("outbox", "list", "--config", _outbox(tmp_path), now=at(5))
    expected = """\
SINK   STATE    TRIES  AGE  NEXT  EVENT                                 SUMMARY                                      ERROR
ops    dead         3   5m     -  FIRST-------------------------------  getting-started / v1: STARTING -> RUNNING    410: gone\\x1b[2J
audit  pending      0   5m    0s  SECOND------------------------------  second / v2: appeared, TRAINING_IN_PROGRESS  -
ops    pending      0   5m    0s  SECOND------------------------------  second / v2: appeared, TRAINING_IN_PROGRESS  -
"""  # noqa: E501 - as it is printed
    ids = {"FIRST".ljust(36, "-"): change(1).id, "SECOND".ljust(36, "-"): arrival(2).id}
    for name, event_id in ids.items():
        expected = expected.replace(name, event_id)
    assert ran == Ran(code=0, out=expected, err="")


def test_the_list_may_be_of_one_sink_and_state(tmp_path: Path) -> None:
    """In the form for machines, with the whole event."""
    ran = run_here("outbox", "list", "--config", _outbox(tmp_path), "--sink=ops", "--state=dead", "--output=json")
    assert json.loads(ran.out) == {
        "deliveries": [
            {
                "sink": "ops",
                "state": "dead",
                "attempts": 3,
                "stored_at": "2026-11-21T18:00:00Z",
                "due_at": "2026-11-21T18:00:00Z",
                "error": "410: gone\x1b[2J",
                "event": change(1).document,
            }
        ]
    }


def test_a_list_that_is_cut_says_so(tmp_path: Path) -> None:
    """On stderr, where no machine takes it for a delivery."""
    ran = run_here("outbox", "list", "--config", _outbox(tmp_path), "--limit", "1")
    assert (len(ran.out.splitlines()), ran.err) == (2, "Only the oldest 1 are shown; --limit shows more.\n")


def test_retry_makes_the_dead_of_a_sink_new(tmp_path: Path) -> None:
    """They wait again, as if never tried; other sinks are left alone."""
    ran = run_here("outbox", "retry", "--config", _outbox(tmp_path), "--sink", "ops", "--state", "dead")
    assert (ran, _states(tmp_path)) == (
        Ran(code=0, out="", err="1 delivery will be sent again\n"),
        [("ops", 1, "pending", 0), *BEFORE[1:]],
    )


def test_discard_gives_one_event_up(tmp_path: Path) -> None:
    """For every sink that waits for it."""
    ran = run_here("outbox", "discard", "--config", _outbox(tmp_path), arrival(2).id, "--yes")
    assert (ran, _states(tmp_path)) == (
        Ran(code=0, out="", err="2 deliveries given up\n"),
        [BEFORE[0], ("audit", 2, "dead", 0), ("ops", 2, "dead", 0)],
    )


def test_all_means_every_sink(tmp_path: Path) -> None:
    """And whatever state."""
    ran = run_here("outbox", "retry", "--config", _outbox(tmp_path), "--all")
    assert ran == Ran(code=0, out="", err="3 deliveries will be sent again\n")


def test_an_event_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    """A script that names one wants to know; one that says --all is content with none."""
    config = _outbox(tmp_path)
    codes = [run_here("outbox", "retry", "--config", config, what).code for what in ("no-such-id", "--sink=none")]
    assert codes == [1, 0]


@pytest.mark.parametrize("arguments", [(), ("--all", "--sink", "ops"), ("--state", "dead")])
def test_what_is_meant_has_to_be_said(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Nobody empties an outbox by leaving an argument out."""
    ran = run_here("outbox", "discard", "--config", _outbox(tmp_path), "--yes", *arguments)
    assert (ran.code, _states(tmp_path)) == (2, BEFORE)


def test_discard_wants_a_yes_where_nobody_can_be_asked(tmp_path: Path) -> None:
    """In a script it would wait for ever, or take silence for consent."""
    ran = run_here("outbox", "discard", "--config", _outbox(tmp_path), "--all")
    assert (ran.code, "nobody is there to be asked; say --yes" in ran.err, _states(tmp_path)) == (2, True, BEFORE)
