"""monitor.service.service, in this process, against a simulator"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from monitor.errors import ConfigError, ListenError, StateInUseError
from monitor.service.service import Service
from monitor.simulator import FaultKind
from tests.service.rig import (
    POLL,
    A,
    B,
    Files,
    Told,
    asked,
    asking,
    get,
    load,
    make_config,
    metrics,
    running,
    set_status,
    wait_until,
)

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.simulator import Simulator

LABELS = 'aws_account_id="111122223333",aws_region="us-east-1",project'


class Clocks:
    """The machine's clocks, which a test can put forward and back."""

    def __init__(self) -> None:
        self.set_by = timedelta(0)
        self.waited = 0.0

    def wall(self) -> datetime:
        return datetime.now(UTC) + self.set_by

    def monotonic(self) -> float:
        return time.monotonic() + self.waited


def names_of(lines: list[str]) -> list[str]:
    return [line.split('project="')[1].split('"')[0] for line in lines]


def test_what_is_known_is_shown_before_the_first_answer(simulator: Simulator, tmp_path: Path) -> None:
    """After a restart /metrics has the last statuses, though AWS says nothing yet."""
    config = make_config(tmp_path, simulator.url, A, aws=asking(simulator.url, read_timeout="1s"))
    with running(config) as service:
        wait_until(lambda: metrics(service, "rekognition_project_up") != [])
    simulator.faults.add(FaultKind.HANG)
    with running(config) as service:
        shown = metrics(service, "rekognition_project_version_status{", "rekognition_project_up")
        ready = get(service, "/-/ready")

    assert [f'rekognition_project_version_status{{{LABELS}="a",version="v1",status="RUNNING"}} 1'] == [
        line for line in shown if line.endswith(" 1")
    ]
    assert (200, "ready\n") == ready


def test_projects_are_asked_at_once_as_the_budget_allows(simulator: Simulator, tmp_path: Path) -> None:
    """Each gets its first poll at the start, and none a second one before its interval."""
    with running(make_config(tmp_path, simulator.url, A, B)) as service:
        wait_until(lambda: len(metrics(service, "rekognition_project_up")) == 2)

    assert (1, 1) == (asked(simulator, A), asked(simulator, B))


def test_a_reload_without_a_file_is_refused(simulator: Simulator, tmp_path: Path) -> None:
    """The demo, say, has none."""
    with running(make_config(tmp_path, simulator.url, A)) as service:
        problems = service.reload()

    assert ("this process was not started from a configuration file, so there is nothing to reload",) == problems


def test_a_refused_reload_changes_nothing(simulator: Simulator, tmp_path: Path) -> None:
    """The problems are returned, logged and counted, and the running configuration stays."""
    files = Files(load(tmp_path, simulator.url, A))
    with running(files().config, load=files) as service:
        before = get(service, "/config")
        files.found = ConfigError("monitor.yaml:1: x", "monitor.yaml:2: y")
        with capture_logs() as entries:
            problems = service.reload()
        after = get(service, "/config")
        gauge = metrics(service, "rekognition_monitor_config_last_reload_successful ")

    assert ("monitor.yaml:1: x", "monitor.yaml:2: y") == problems
    told = [each for each in entries if each["event"].startswith("config.")]  # a poll may end meanwhile
    assert [("config.refused", problems)] == [(each["event"], each["problems"]) for each in told]
    assert before == after
    assert ["rekognition_monitor_config_last_reload_successful 0.0"] == gauge


def test_a_reload_tells_what_it_doubts(
    simulator: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a start does."""
    files = Files(load(tmp_path, simulator.url, A))
    doubtful = load(tmp_path, simulator.url, {"arn": A, "interval": "1s"})
    with running(files().config, load=files) as service:
        files.found = doubtful
        problems = service.reload()
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert ((), 2) == (problems, len(doubtful.warnings))
    assert list(doubtful.warnings) == [each["problem"] for each in logged if each["event"] == "config.doubted"]


def test_an_added_project_begins_and_a_removed_one_ends(simulator: Simulator, tmp_path: Path) -> None:
    """The one is asked at once, the other's series and its readiness go."""
    files = Files(load(tmp_path, simulator.url, A))
    with running(files().config, load=files) as service:
        wait_until(lambda: metrics(service, "rekognition_project_up") != [])
        files.found = load(tmp_path, simulator.url, B)
        service.reload()
        wait_until(lambda: names_of(metrics(service, "rekognition_project_up")) == ["b"])
        named = names_of(metrics(service, "rekognition_project"))

    assert (1, 1, {"b"}) == (asked(simulator, A), asked(simulator, B), set(named))


@pytest.mark.parametrize(
    ("sections", "polls"),
    [
        ({}, [1, 1]),
        ({"poll": {**POLL, "interval": "2h", "transition_interval": "2h"}}, [2, 2]),
        ({"projects": [{"arn": A, "interval": "2h"}, {"arn": B}]}, [2, 1]),
        ({"projects": [{"arn": A, "labels": {"team": "vision"}}, {"arn": B}]}, [2, 1]),
    ],
    ids=["nothing", "pace", "pace-of-one", "label-of-one"],
)
def test_who_is_asked_anew_after_a_reload(
    simulator: Simulator, tmp_path: Path, sections: dict[str, Any], polls: list[int]
) -> None:
    """Those that it changes, and all where the pace of all is another; nobody else notices."""
    files = Files(load(tmp_path, simulator.url, A, B))
    with running(files().config, load=files) as service:
        wait_until(lambda: len(metrics(service, "rekognition_project_up")) == 2)
        files.found = load(tmp_path, simulator.url, A, B, **sections)
        service.reload()
        wait_until(lambda: len(simulator.served) >= sum(polls))

    assert polls == [asked(simulator, A), asked(simulator, B)]


def test_a_reload_changes_the_sinks(simulator: Simulator, tmp_path: Path) -> None:
    """One that is added gets the next event, one that is taken out does not, and their series come and go."""
    files = Files(load(tmp_path, simulator.url, A))
    second = {"name": "second", "type": "file", "path": str(tmp_path / "second.jsonl")}
    with running(files().config, load=files) as service:
        wait_until(lambda: metrics(service, "rekognition_project_up") != [])
        before = metrics(service, "rekognition_monitor_deliveries_total")
        set_status(simulator, A, "STOPPING")
        files.found = load(tmp_path, simulator.url, A, sinks=[second], poll={**POLL, "interval": "2h"})
        service.reload()
        after = [f'rekognition_monitor_deliveries_total{{sink="{name}"}} 1.0' for name in ("log", "second")]
        wait_until(lambda: metrics(service, "rekognition_monitor_deliveries_total") == after)

    assert [f'rekognition_monitor_deliveries_total{{sink="{name}"}} 0.0' for name in ("file", "log")] == before
    assert 1 == len((tmp_path / "second.jsonl").read_text().splitlines())


def test_extra_sinks_get_every_event(simulator: Simulator, tmp_path: Path) -> None:
    """Whatever the configuration says, before a reload and after it."""
    told = Told()
    files = Files(load(tmp_path, simulator.url, A, sinks=[]))
    with running(files().config, load=files, extra_sinks={"demo": told}) as service:
        wait_until(lambda: metrics(service, "rekognition_project_up") != [])
        set_status(simulator, A, "STOPPING")
        files.found = load(tmp_path, simulator.url, A, poll={**POLL, "interval": "2h"})
        service.reload()
        wait_until(lambda: bool(told.messages))

    assert ["a / v1: RUNNING -> STOPPING"] == told.summaries()


def test_a_clock_that_is_put_back_does_not_put_off_the_polls(simulator: Simulator, tmp_path: Path) -> None:
    """What is due in an hour is due now when the clock says two hours less; the jump is logged once."""
    clocks = Clocks()
    config = make_config(tmp_path, simulator.url, A)
    with running(config, clock=clocks.wall, monotonic=clocks.monotonic) as service:
        wait_until(lambda: metrics(service, "rekognition_project_up") != [])
        clocks.set_by = timedelta(hours=-2)
        with capture_logs() as entries:
            service.tick()
            service.tick()
        wait_until(lambda: asked(simulator, A) == 2)

    assert [-7200] == [round(each["seconds"]) for each in entries if each["event"] == "clock.jumped"]


def test_a_clock_that_is_put_forward_is_logged(simulator: Simulator, tmp_path: Path) -> None:
    """The polls come by themselves, so nothing is moved."""
    clocks = Clocks()
    config = make_config(tmp_path, simulator.url, A)
    with running(config, clock=clocks.wall, monotonic=clocks.monotonic) as service:
        wait_until(lambda: metrics(service, "rekognition_project_up") != [])
        clocks.set_by = timedelta(hours=2)
        with capture_logs() as entries:
            service.tick()

    assert [7200] == [round(each["seconds"]) for each in entries if each["event"] == "clock.jumped"]
    assert 1 == asked(simulator, A)


def test_health_names_the_loops_that_stand_still(simulator: Simulator, tmp_path: Path) -> None:
    """A poll that hangs for an hour, a scheduler and sinks of which nothing was seen for an hour."""
    clocks = Clocks()
    simulator.faults.add(FaultKind.HANG)
    config = make_config(tmp_path, simulator.url, A, aws=asking(simulator.url, read_timeout="5s"))
    with running(config, monotonic=clocks.monotonic) as service:
        wait_until(lambda: bool(simulator.served))
        before = service.health()

        def after_an_hour() -> dict[str, str]:
            clocks.waited += 3600
            return {name: " ".join((what or "").split()[:3]) for name, what in service.health().items()}

        # A loop may have gone round just then, and looks well.
        wait_until(lambda: after_an_hour() == dict.fromkeys(before, "no progress for"))

    assert dict.fromkeys(["scheduler", "polls", "sink file", "sink log"]) == before


def test_a_second_service_is_refused_and_harms_nothing(simulator: Simulator, tmp_path: Path) -> None:
    """The database stays with the first one."""
    config = make_config(tmp_path, simulator.url, A)
    with running(config) as service:
        with pytest.raises(StateInUseError, match="is using this database; stop it first"):
            Service(config)
        wait_until(lambda: metrics(service, "rekognition_project_up") != [])

    with running(config):
        """The lock was given back."""


def test_an_address_that_cannot_be_had_leaves_the_database_free(simulator: Simulator, tmp_path: Path) -> None:
    """Another start, with another address, has it."""
    with pytest.raises(ListenError):
        Service(make_config(tmp_path, simulator.url, A, web={"listen": "192.0.2.1:1"}))

    with running(make_config(tmp_path, simulator.url, A)) as service:
        assert (200, "healthy\n") == get(service, "/-/healthy")
