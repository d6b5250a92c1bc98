"""What can be done to, and beside, a daemon that runs. All tests share one, and leave it as they found it."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from monitor.simulator import FaultKind, Scenario, Simulator
from tests.builders import project_arn
from tests.end_to_end.daemon import DEADLINE, Daemon

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.end_to_end

STEADY = project_arn("steady")
SUCCESSFUL = "rekognition_monitor_config_last_reload_successful "


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(Scenario.model_validate({"limits": {"calls_per_second": None}})) as running:
        running.world.put_project(STEADY)
        running.world.put_version(STEADY, "v1", status="RUNNING")
        yield running


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, simulator: Simulator) -> Iterator[Daemon]:
    with Daemon(tmp_path_factory.mktemp("beside"), simulator, [STEADY]) as running:
        running.wait_for_polls(1)
        yield running


@pytest.fixture
def daemon(started: Daemon, simulator: Simulator) -> Iterator[Daemon]:
    """It watches the project `steady`, whose only version v1 is RUNNING, every second."""
    yield started
    simulator.faults.clear()
    started.configure([STEADY])
    assert (200, "reloaded\n") == started.ask("/-/reload", "POST")


def new_project(simulator: Simulator, name: str) -> str:
    """A project of its own for a test, with a version v1 that is STARTING."""
    arn = simulator.world.put_project(project_arn(name))
    simulator.world.put_version(arn, "v1", status="STARTING")
    return arn


def set_status(simulator: Simulator, project: str, status: str) -> None:
    found = simulator.world.project(project)
    assert found is not None
    [version] = found.versions
    simulator.world.set_status(version, status)


def listings(simulator: Simulator, project: str) -> int:
    """How many complete ones there were."""
    return sum(each.complete and each.project_arn == project for each in simulator.served)


def told(events: list[dict[str, Any]], project: str) -> list[str]:
    """The summaries of the events about a project."""
    return [event["data"]["summary"] for event in events if event["source"] == project]


def test_it_says_that_it_is_well(daemon: Daemon) -> None:
    """Every loop makes progress, and every project has something to show."""
    assert [(200, "healthy\n"), (200, "ready\n")] == [daemon.ask("/-/healthy"), daemon.ask("/-/ready")]


def test_it_is_not_ready_before_every_project_has_an_answer(daemon: Daemon, simulator: Simulator) -> None:
    """A project of which nothing is known yet is named; a fault is an answer too."""
    silent = simulator.world.put_project(project_arn("silent"))
    simulator.faults.add(FaultKind.HANG, project="silent", delay="8s")
    daemon.configure([STEADY, silent])
    daemon.ask("/-/reload", "POST")
    waiting = daemon.ask("/-/ready")
    simulator.faults.clear()
    simulator.faults.add(FaultKind.ERROR, project="silent", code="AccessDeniedException")
    daemon.wait_for(lambda: daemon.ask("/-/ready") == (200, "ready\n"))

    assert (503, f"not ready:\n{silent}: not polled yet\n") == waiting


def test_a_reload_that_is_refused_keeps_the_old_configuration(daemon: Daemon, simulator: Simulator) -> None:
    """By a signal: the gauge and the log tell it, polls go on, and the next good one is taken."""
    daemon.configure(["arn:aws:rekognition"])
    before = len(daemon.entries("config.refused"))
    daemon.send(signal.SIGHUP)
    daemon.wait_for(lambda: len(daemon.entries("config.refused")) > before)
    asked = listings(simulator, STEADY)
    refused = daemon.metrics(SUCCESSFUL)
    daemon.wait_for(lambda: listings(simulator, STEADY) > asked + 1)
    daemon.configure([STEADY])
    daemon.send(signal.SIGHUP)
    daemon.wait_for(lambda: daemon.metrics(SUCCESSFUL) == [f"{SUCCESSFUL}1.0"])
    [problem] = daemon.entries("config.refused")[-1]["problems"]

    assert [f"{SUCCESSFUL}0.0"] == refused
    assert problem.startswith(f"{daemon.config_path}:1: projects[0].arn: ")


def test_a_reload_over_http_says_why_it_was_refused(daemon: Daemon) -> None:
    """The same words as in the log, a line for each problem."""
    daemon.configure([STEADY], poll={"intervall": "1s"}, log={"level": "loud"})
    status, text = daemon.ask("/-/reload", "POST")
    problems = daemon.entries("config.refused")[-1]["problems"]

    assert (500, ["not reloaded, the old configuration stays:", *problems]) == (status, text.splitlines())
    assert 2 == len(problems)


@pytest.mark.parametrize(
    ("section", "settings", "key"),
    [
        ("state", {"url": "sqlite:////nowhere/else.db"}, "state.url"),
        ("web", {"listen": "127.0.0.1:1"}, "web.listen"),
        ("aws", {"max_calls_per_second": 1}, "aws"),
        ("poll", {"workers": 3}, "poll.workers"),
    ],
)
def test_what_cannot_change_is_refused(daemon: Daemon, section: str, settings: dict[str, Any], key: str) -> None:
    """With what to do instead."""
    daemon.configure([STEADY], **{section: settings})

    assert (
        500,
        f"not reloaded, the old configuration stays:\n{key}: cannot change while the monitor runs; restart it\n",
    ) == daemon.ask("/-/reload", "POST")


def test_a_stream_goes_on_across_reloads(daemon: Daemon, simulator: Simulator) -> None:
    """Whoever listens keeps the connection and misses nothing: after a reload by signal, one over HTTP, one refused."""
    streamed = new_project(simulator, "streamed")
    daemon.configure([STEADY, streamed])
    daemon.ask("/-/reload", "POST")
    daemon.wait_for(lambda: streamed in daemon.get("/api/v1/versions"))
    address = f"{daemon.url.rstrip('/')}/api/v1/events?project=streamed&stream=true"
    with httpx.stream("GET", address, timeout=DEADLINE) as answer:
        lines = answer.iter_lines()
        assert "retry: 2000" == next(lines)
        moves = [_next_move(lines, simulator, streamed, "RUNNING")]
        reloaded = len(daemon.entries("config.reloaded"))
        daemon.send(signal.SIGHUP)
        daemon.wait_for(lambda: len(daemon.entries("config.reloaded")) > reloaded)
        moves.append(_next_move(lines, simulator, streamed, "STOPPING"))
        assert 200 == daemon.ask("/-/reload", "POST")[0]
        moves.append(_next_move(lines, simulator, streamed, "STOPPED"))
        daemon.configure([STEADY, streamed], poll={"workers": 3})
        assert 500 == daemon.ask("/-/reload", "POST")[0]
        moves.append(_next_move(lines, simulator, streamed, "STARTING"))
    assert ["STARTING RUNNING", "RUNNING STOPPING", "STOPPING STOPPED", "STOPPED STARTING"] == moves


def _next_move(lines: Iterator[str], simulator: Simulator, project: str, status: str) -> str:
    """What the stream tells once the version has moved to *status*; fails when only heartbeats come."""
    set_status(simulator, project, status)
    end = time.monotonic() + DEADLINE
    for line in lines:
        if line.startswith("data: "):
            data = json.loads(line.removeprefix("data: "))["data"]
            return f"{data['from']} {data['to']}"
        assert time.monotonic() < end
    raise AssertionError("the stream has ended")


def test_a_reload_is_asked_for_by_post_alone(daemon: Daemon) -> None:
    """A link that is followed changes nothing."""
    assert 405 == daemon.ask("/-/reload")[0]


def test_a_second_daemon_on_the_same_database_is_refused(daemon: Daemon, simulator: Simulator) -> None:
    """With exit code 1 and the process to look for; the first one goes on."""
    ran = daemon.run("run")
    asked = listings(simulator, STEADY)
    daemon.wait_for(lambda: listings(simulator, STEADY) > asked + 1)

    assert daemon.process is not None
    assert (1, "") == (ran.code, ran.out)
    assert (
        f"rekognition-monitor: {daemon.state_url}: process {daemon.process.pid} is using this database; stop it first"
    ) == ran.err.splitlines()[-1]


def test_a_sweep_beside_it_commits_and_it_notices(daemon: Daemon, simulator: Simulator) -> None:
    """What `poll` finds first is delivered by the daemon, whose own next poll neither repeats nor undoes it."""
    seldom = new_project(simulator, "seldom")
    daemon.configure([STEADY, {"arn": seldom, "interval": "1h", "transition_interval": "1h"}])
    daemon.ask("/-/reload", "POST")
    daemon.wait_for(lambda: seldom in daemon.get("/api/v1/versions"))
    set_status(simulator, seldom, "RUNNING")
    swept = daemon.run("poll", "--output", "json")
    daemon.wait_for(lambda: bool(told(daemon.delivered(), seldom)))
    asked = listings(simulator, seldom)
    daemon.configure([STEADY, seldom])
    daemon.ask("/-/reload", "POST")
    daemon.wait_for(lambda: listings(simulator, seldom) > asked + 1)
    shown = [line for line in daemon.metrics("rekognition_project_version_status{") if line.endswith(" 1")]
    set_status(simulator, seldom, "STOPPING")
    daemon.wait_for(lambda: len(told(daemon.delivered(), seldom)) > 1)

    assert (0, [[], ["seldom / v1: STARTING -> RUNNING"]]) == (
        swept.code,
        [told(each["events"], each["arn"]) for each in json.loads(swept.out)["projects"]],
    )
    assert ["seldom / v1: STARTING -> RUNNING", "seldom / v1: RUNNING -> STOPPING"] == told(daemon.delivered(), seldom)
    assert [("seldom", "RUNNING"), ("steady", "RUNNING")] == [
        (line.split('project="')[1].split('"')[0], line.split('status="')[1].split('"')[0]) for line in shown
    ]
    assert [] == daemon.entries("poll.crashed")


def test_the_database_can_be_looked_at_beside_it(daemon: Daemon, simulator: Simulator) -> None:
    """`status` and `events` say what the daemon has stored."""
    watched = new_project(simulator, "watched")
    daemon.configure([STEADY, watched])
    daemon.ask("/-/reload", "POST")
    daemon.wait_for(lambda: listings(simulator, watched) > 1)
    set_status(simulator, watched, "RUNNING")
    daemon.wait_for(lambda: bool(told(daemon.delivered(), watched)))
    status = daemon.run("status", "--output", "json")
    events = daemon.run("events", "--output", "json", "--project", "watched")

    assert daemon.process is not None
    running = f"The monitor is running (process {daemon.process.pid}). Its last answer from AWS is "
    assert (0, 0, "", True) == (status.code, events.code, status.err, events.err.startswith(running))
    assert [event for event in daemon.delivered() if event["source"] == watched] == [
        json.loads(line) for line in events.out.splitlines()
    ]
    assert [("steady", ["RUNNING"]), ("watched", ["RUNNING"])] == [
        (each["name"], [version["status"] for version in each["versions"]])
        for each in json.loads(status.out)["projects"]
    ]
