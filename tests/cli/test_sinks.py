from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from monitor.domain.delivery import DeliveryState, Settlement
from monitor.domain.standing import STOPPED
from tests.builders import at
from tests.cli.state import arrival, change, give_up, open_store, store_events, write_config
from tests.cli.terminal import Ran, run_here

if TYPE_CHECKING:
    from pathlib import Path


def settle(folder: Path, sink: str, position: int, state: DeliveryState, error: str | None = None) -> None:
    """Three minutes after the beginning."""
    settlement = Settlement(sink=sink, position=position, state=state, attempts=1, due_at=at(9), error=error, at=at(3))
    with open_store(folder) as store:
        store.settle([settlement])


def test_every_sink_is_shown_with_how_it_stands(tmp_path: Path) -> None:
    """Those of the file in their order, and those that left something behind."""
    config = write_config(tmp_path, "  - {name: unused, type: file, path: x, enabled: false}\n")
    store_events(tmp_path, change(1), arrival(2), sinks=("audit", "log", "old"))
    settle(tmp_path, "audit", 1, DeliveryState.PENDING, "no room on the disk")
    settle(tmp_path, "log", 1, DeliveryState.DELIVERED)
    settle(tmp_path, "log", 2, DeliveryState.DELIVERED)
    give_up(tmp_path, "old", 1)
    settle(tmp_path, "old", 2, DeliveryState.DEAD, "the sink is not configured")
    assert run_here("sinks", "--config", str(config), now=at(5)) == Ran(
        code=0,
        out="""\
SINK    TYPE  STATE    PENDING  OLDEST  DEAD  ACCEPTED  LAST ERROR
audit   file  failing        2      5m     0  -         no room on the disk
unused  file  off            0       -     0  -         -
log     log   ok             0       -     0  2m ago    -
old     -     removed        0       -     2  -         the sink is not configured
""",
        err="",
    )


def test_a_stopped_sink_is_told_apart(tmp_path: Path) -> None:
    """For machines with times and the whole error."""
    config = write_config(tmp_path)
    store_events(tmp_path, change(1), sinks=("audit",))
    settle(tmp_path, "audit", 1, DeliveryState.PENDING, f"{STOPPED}: 410 Gone")
    ran = run_here("sinks", "--config", str(config), "--output", "json")
    assert {
        "name": "audit",
        "type": "file",
        "state": "stopped",
        "pending": 1,
        "oldest": "2026-11-21T18:00:00Z",
        "dead": 0,
        "last_success": None,
        "last_error": f"{STOPPED}: 410 Gone",
    } == json.loads(ran.out)["sinks"][0]


def test_a_test_goes_through_the_sink_itself(tmp_path: Path) -> None:
    """It is marked, and the outbox and the history know nothing of it."""
    config = write_config(tmp_path)
    ran = run_here("sinks", "test", "audit", "--config", str(config))
    event = json.loads((tmp_path / "events.jsonl").read_text())
    data = event["data"]
    assert (0, f"audit accepted the test {event['id']} in ") == (ran.code, ran.out.partition(" in ")[0] + " in ")
    assert (
        "000000000000",
        "rekognition-monitor-test",
        True,
        "TEST: rekognition-monitor-test / test: STARTING -> RUNNING",
    ) == (
        data["account_id"],
        data["project"]["name"],
        data["test"],
        data["summary"],
    )
    assert not (tmp_path / "state.db").exists()


@pytest.mark.parametrize("before", [True, False])
def test_options_may_stand_before_or_behind_the_word_test(tmp_path: Path, *, before: bool) -> None:
    """`sinks --config FILE test NAME` and `sinks test NAME --config FILE` are the same."""
    options = ("--config", str(write_config(tmp_path)), "--output", "json")
    words = (*options, "test", "audit") if before else ("test", "audit", *options)
    ran = run_here("sinks", *words)

    assert (0, "audit", True) == (ran.code, json.loads(ran.out)["sink"], json.loads(ran.out)["accepted"])


def test_no_two_tests_have_the_same_id(tmp_path: Path) -> None:
    """A far end that throws repeats away shall see each."""
    config = write_config(tmp_path)
    for _ in range(2):
        run_here("sinks", "test", "audit", "--config", str(config))
    ids = [json.loads(line)["id"] for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert 2 == len(set(ids))


def test_a_test_that_is_refused_says_why(tmp_path: Path) -> None:
    """And is a failure."""
    config = write_config(tmp_path, f"  - {{name: gone, type: file, path: {tmp_path}/none/x.jsonl}}\n")
    ran = run_here("sinks", "test", "gone", "--config", str(config), "--output", "json")
    told = json.loads(ran.out)
    assert (1, False, "no_directory") == (ran.code, told["accepted"], told["reason"])
    assert "none" in told["error"]


def test_a_sink_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    """The known ones are named."""
    ran = run_here("sinks", "test", "ops", "--config", str(write_config(tmp_path)))
    expected = "rekognition-monitor: there is no sink ops in the configuration: known are audit, log\n"
    assert Ran(code=2, out="", err=expected) == ran
