"""How the daemon begins, changes and ends: a process of its own, signals and exit codes."""

from __future__ import annotations

import json
import signal
import socket
from typing import TYPE_CHECKING, Any

import pytest

from monitor.simulator import FaultKind, Scenario, Simulator
from tests.builders import project_arn
from tests.end_to_end.daemon import DEADLINE, Daemon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.end_to_end

STEADY = project_arn("steady")
OTHER = project_arn("other")


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """Two projects without versions; calls are not counted."""
    with Simulator(Scenario.model_validate({"limits": {"calls_per_second": None}})) as running:
        for arn in (STEADY, OTHER):
            running.world.put_project(arn)
        yield running


@pytest.fixture
def daemon(tmp_path: Path, simulator: Simulator) -> Iterator[Daemon]:
    """One that watches the project `steady`; not started yet."""
    with_daemon = Daemon(tmp_path, simulator, [STEADY])
    yield with_daemon
    if with_daemon.process is not None and with_daemon.process.poll() is None:
        with_daemon.process.kill()
        with_daemon.process.wait(DEADLINE)


def labels(project: str) -> str:
    return f'aws_account_id="111122223333",aws_region="us-east-1",project="{project}"'


def answered(simulator: Simulator, arn: str) -> list[str]:
    """When each complete listing of the project was answered, as an event has times."""
    served = [each.at for each in simulator.served if each.complete and each.project_arn == arn]
    return [at.isoformat(timespec="microseconds").replace("+00:00", "Z") for at in served]


def summaries(events: list[dict[str, Any]]) -> list[str]:
    return [event["data"]["summary"] for event in events]


def test_the_first_sigterm_ends_it_in_order(daemon: Daemon, simulator: Simulator, tmp_path: Path) -> None:
    """What is committed is delivered, the database is closed whole, and the last line of the log says so."""
    version = simulator.world.put_version(STEADY, "v1", status="STARTING")
    daemon.start()
    daemon.wait_for_polls(1)
    simulator.world.set_status(version, "RUNNING")
    daemon.wait_for_polls(1)
    code = daemon.stop(signal.SIGTERM)
    logged = [json.loads(line) for line in daemon.log().splitlines()]
    stop = [entry for entry in logged if entry["event"] in {"stop.requested", "monitor.stopped"}]

    assert 0 == code
    assert ["steady / v1: STARTING -> RUNNING"] == summaries(daemon.delivered())
    assert [("stop.requested", 0, None, None), ("monitor.stopped", None, True, True)] == [
        (entry["event"], entry.get("exit_code"), entry.get("polls_ended"), entry.get("outbox_settled"))
        for entry in stop
    ]
    assert "monitor.stopped" == logged[-1]["event"]
    assert {"state.db", "state.db.lock"} == {path.name for path in tmp_path.glob("state.db*")}  # no -wal: merged


def test_a_start_goes_on_where_the_stop_left_off(daemon: Daemon, simulator: Simulator) -> None:
    """The window of a change that happened in between begins with the last poll, though it had nothing to store."""
    version = simulator.world.put_version(STEADY, "v1", status="STARTING")
    daemon.start()
    daemon.wait_for_polls(2)
    daemon.stop()
    before = answered(simulator, STEADY)
    simulator.world.set_status(version, "RUNNING")
    daemon.start()
    [event] = daemon.wait_for_events(1)
    daemon.stop()
    after = answered(simulator, STEADY)[len(before)]

    assert "steady / v1: STARTING -> RUNNING" == event["data"]["summary"]
    assert before[-2] < event["data"]["observed_after"] <= before[-1]
    assert before[-1] < after <= event["data"]["observed_by"]


def test_sigint_ends_it_in_order_with_130(daemon: Daemon) -> None:
    """As a shell expects of a program that was interrupted."""
    daemon.start()
    code = daemon.stop(signal.SIGINT)

    assert (130, 1) == (code, len(daemon.entries("monitor.stopped")))


def test_a_stop_waits_for_the_poll_that_runs(daemon: Daemon, simulator: Simulator) -> None:
    """A poll that AWS leaves without an answer ends by its time-out, and the stop is still one in order."""
    aws = {"endpoint_url": simulator.url, "read_timeout": "1s", "max_calls_per_second": 50}
    daemon.configure([STEADY], aws=aws, poll={"interval": "1h", "transition_interval": "1h"})
    simulator.faults.add(FaultKind.HANG)
    daemon.start()
    daemon.wait_for(lambda: bool(simulator.served))
    code = daemon.stop(signal.SIGTERM)
    [stopped] = daemon.entries("monitor.stopped")

    assert (0, True, 1) == (code, stopped["polls_ended"], len(simulator.served))


def test_a_second_signal_ends_it_at_once(daemon: Daemon, simulator: Simulator) -> None:
    """Who does not want to wait for a poll that hangs need not."""
    simulator.faults.add(FaultKind.HANG)
    daemon.start()
    daemon.wait_for(lambda: bool(simulator.served))
    daemon.send(signal.SIGTERM)
    daemon.wait_for(lambda: bool(daemon.entries("stop.requested")))
    code = daemon.stop(signal.SIGTERM)

    assert (-signal.SIGTERM, []) == (code, daemon.entries("monitor.stopped"))


def test_a_reload_changes_what_changed_and_nothing_else(daemon: Daemon, simulator: Simulator) -> None:
    """An added project begins silently, a removed one's series go, a label shows, and the others don't notice."""
    leaving, labelled, added = project_arn("leaving"), project_arn("labelled"), OTHER
    for arn in (leaving, labelled):
        simulator.world.put_project(arn)
    for arn in (STEADY, leaving, labelled, added):
        simulator.world.put_version(arn, "v1", status="RUNNING")
    daemon.configure([STEADY, leaving, labelled])
    daemon.start()
    daemon.wait_for(lambda: len(daemon.metrics("rekognition_project_version_info")) == 3)
    daemon.wait_for(lambda: len(answered(simulator, STEADY)) > 3)
    before = daemon.metrics("rekognition_project_version_info")
    daemon.configure([STEADY, {"arn": labelled, "labels": {"team": "vision"}}, added])
    daemon.send(signal.SIGHUP)
    daemon.wait_for(lambda: len(answered(simulator, added)) > 1)  # what was under way is over
    begin, since = len(simulator.served), {arn: len(answered(simulator, arn)) for arn in (STEADY, labelled, added)}
    daemon.wait_for(lambda: all(len(answered(simulator, arn)) > 1 + count for arn, count in since.items()))
    after = daemon.metrics("rekognition_project_info", "rekognition_project_version_status{", "rekognition_project_up")
    polls = daemon.metrics("rekognition_project_polls_total")
    daemon.stop()
    asked = {each.project_arn for each in simulator.served[begin:]}

    assert ["labelled", "leaving", "steady"] == [line.split('project="')[1].split('"')[0] for line in before]
    assert {STEADY, labelled, added} == asked
    assert [
        f'rekognition_project_info{{{labels("labelled")},project_arn="{labelled}",team="vision"}} 1',
        f'rekognition_project_info{{{labels("other")},project_arn="{added}"}} 1',
        f'rekognition_project_info{{{labels("steady")},project_arn="{STEADY}"}} 1',
        *(f"rekognition_project_up{{{labels(name)}}} 1" for name in ("labelled", "other", "steady")),
        *(
            f'rekognition_project_version_status{{{labels(name)},version="v1",status="RUNNING"}} 1'
            for name in ("labelled", "other", "steady")
        ),
    ] == [line for line in after if line.endswith(" 1")]
    assert len(answered(simulator, STEADY)) >= int(polls[-1].split()[-1]) > since[STEADY]  # counted on, not anew
    assert ([], []) == (daemon.delivered(), daemon.entries("poll.failed"))


def test_what_is_no_configuration_ends_a_start_with_2(daemon: Daemon) -> None:
    """Every problem is a line on stderr, and nothing is made."""
    daemon.configure(["arn:aws:rekognition"], poll={"intervall": "1s"})
    ran = daemon.run("run")

    assert (2, "") == (ran.code, ran.out)
    assert [f"{daemon.config_path}:1: projects[0].arn", f"{daemon.config_path}:1: poll.intervall"] == [
        ":".join(line.split(":")[:3]) for line in sorted(ran.err.splitlines(), reverse=True)
    ]


def test_a_port_that_is_taken_ends_a_start_with_1(daemon: Daemon) -> None:
    """The line says which, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        daemon.configure([STEADY], web={"listen": address})
        ran = daemon.run("run")

    assert (1, "") == (ran.code, ran.out)
    assert (
        f"rekognition-monitor: {address} is taken by another program: stop that (another monitor?) or set web.listen "
        "to another port"
    ) == ran.err.splitlines()[-1]
