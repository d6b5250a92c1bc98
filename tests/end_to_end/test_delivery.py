"""What becomes of deliveries when sinks come, go, hang and end: a daemon, its reloads, and a real far end."""

from __future__ import annotations

import json
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from monitor.simulator import Scenario, Simulator
from tests.builders import project_arn
from tests.cli.terminal import run_process
from tests.end_to_end.daemon import DEADLINE, Daemon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.end_to_end

STEADY = project_arn("steady")


class FarEnd:
    """A receiver that answers as it is told, or not at all."""

    def __init__(self) -> None:
        self.status = 204
        self.answering = threading.Event()
        self.answering.set()
        self.asked = threading.Event()
        self.taken: list[str] = []
        far_end = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = far_end.status
                far_end.asked.set()
                far_end.answering.wait()
                if status < 300:
                    far_end.taken.append(event["data"]["summary"])
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def close(self) -> None:
        self.answering.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def far_end() -> Iterator[FarEnd]:
    running = FarEnd()
    yield running
    running.close()


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A project with one version."""
    with Simulator(Scenario.model_validate({"limits": {"calls_per_second": None}})) as running:
        running.world.put_project(STEADY)
        running.world.put_version(STEADY, "v1", status="STARTING")
        yield running


@pytest.fixture
def daemon(tmp_path: Path, simulator: Simulator) -> Iterator[Daemon]:
    """One with the sinks `log` and `file`; not started yet."""
    made = Daemon(tmp_path, simulator, [STEADY])
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait(DEADLINE)


def file_sink(folder: Path, name: str = "file") -> dict[str, Any]:
    return {"name": name, "type": "file", "path": str(folder / "events.jsonl")}


def hook(far_end: FarEnd, name: str = "hook", **settings: Any) -> dict[str, Any]:
    return {"name": name, "type": "webhook", "url": far_end.url, "proxy": "none", **settings}


def reload(daemon: Daemon, *sinks: dict[str, Any]) -> None:
    """Other sinks from now on."""
    before = len(daemon.entries("config.reloaded"))
    daemon.configure([STEADY], sinks=list(sinks))
    daemon.send(signal.SIGHUP)
    daemon.wait_for(lambda: len(daemon.entries("config.reloaded")) > before)


def start(daemon: Daemon) -> None:
    """Up to the baseline."""
    daemon.start()
    daemon.wait_for_polls(1)


def change(simulator: Simulator, daemon: Daemon, status: str) -> None:
    """The version moves, and the daemon sees it."""
    simulator.world.set_status(simulator.world.project(STEADY).newest_first()[0].arn, status)  # type: ignore[union-attr]
    daemon.wait_for_polls(1)


def deliveries(daemon: Daemon) -> list[tuple[str, str, str | None]]:
    """Sink, state and error of what is not delivered."""
    ran = run_process("outbox", "list", "--config", str(daemon.config_path), "--output", "json")
    found = json.loads(ran.out)["deliveries"]
    return [(each["sink"], each["state"], each["error"]) for each in found]


def test_a_new_sink_is_told_what_happens_from_then_on(
    daemon: Daemon, simulator: Simulator, far_end: FarEnd, tmp_path: Path
) -> None:
    """Nothing of what happened before it was there."""
    start(daemon)
    change(simulator, daemon, "RUNNING")
    daemon.wait_for_events(1)
    reload(daemon, file_sink(tmp_path), hook(far_end))
    change(simulator, daemon, "STOPPING")
    daemon.wait_for(lambda: bool(far_end.taken))
    daemon.stop()
    assert ["steady / v1: RUNNING -> STOPPING"] == far_end.taken


def test_a_sink_that_is_renamed_leaves_nothing_that_waits_for_ever(
    daemon: Daemon, simulator: Simulator, far_end: FarEnd, tmp_path: Path
) -> None:
    """What waited for the old name is dead, said once, and can be seen; the new name gets what comes."""
    far_end.status = 503
    daemon.configure([STEADY], sinks=[file_sink(tmp_path), hook(far_end)])
    start(daemon)
    change(simulator, daemon, "RUNNING")
    daemon.wait_for(far_end.asked.is_set)
    reload(daemon, file_sink(tmp_path), hook(far_end, "receiver"))
    far_end.status = 204
    left = deliveries(daemon)
    change(simulator, daemon, "STOPPING")
    daemon.wait_for(lambda: "steady / v1: RUNNING -> STOPPING" in far_end.taken)
    daemon.stop()
    assert [("hook", "dead", "the sink is not configured")] == left
    assert [("hook", 1)] == [(entry["sink"], entry["deliveries"]) for entry in daemon.entries("deliveries.abandoned")]


def test_a_far_end_that_hangs_holds_nobody(
    daemon: Daemon, simulator: Simulator, far_end: FarEnd, tmp_path: Path
) -> None:
    """Polls go on, another sink gets every event, and a stop comes in time; what it was asked waits for the start."""
    far_end.answering.clear()
    daemon.configure([STEADY], sinks=[file_sink(tmp_path), hook(far_end, timeout="60s")])
    start(daemon)
    change(simulator, daemon, "RUNNING")
    daemon.wait_for(far_end.asked.is_set)
    change(simulator, daemon, "STOPPING")
    told = [event["data"]["to"] for event in daemon.wait_for_events(2)]
    code = daemon.stop()
    assert (0, ["RUNNING", "STOPPING"]) == (code, told)
    assert ["hook"] == [entry["sink"] for entry in daemon.entries("sink.left_hanging")]
    assert [("hook", "pending", None)] * 2 == deliveries(daemon)


def test_a_far_end_that_is_gone_is_asked_nothing_until_a_reload(
    daemon: Daemon, simulator: Simulator, far_end: FarEnd, tmp_path: Path
) -> None:
    """410 stops the sink: the log, a metric and `sinks` say so, and afterwards it gets everything in order."""
    far_end.status = 410
    daemon.configure([STEADY], sinks=[file_sink(tmp_path), hook(far_end)])
    start(daemon)
    change(simulator, daemon, "RUNNING")
    daemon.wait_for(lambda: bool(daemon.entries("sink.stopped")))
    change(simulator, daemon, "STOPPING")
    daemon.wait_for_events(2)
    stopped = daemon.metrics('rekognition_monitor_sink_stopped{sink="hook"}')
    states = {each["name"]: each["state"] for each in json.loads(daemon.run("sinks", "--output", "json").out)["sinks"]}
    far_end.status = 204
    reload(daemon, file_sink(tmp_path), hook(far_end))
    daemon.wait_for(lambda: len(far_end.taken) == 2)
    resumed = daemon.metrics('rekognition_monitor_sink_stopped{sink="hook"}')
    daemon.stop()
    assert (
        ['rekognition_monitor_sink_stopped{sink="hook"} 1.0'],
        ['rekognition_monitor_sink_stopped{sink="hook"} 0.0'],
    ) == (
        stopped,
        resumed,
    )
    assert {"file": "ok", "hook": "stopped", "log": "ok"} == states
    assert ["steady / v1: STARTING -> RUNNING", "steady / v1: RUNNING -> STOPPING"] == far_end.taken
