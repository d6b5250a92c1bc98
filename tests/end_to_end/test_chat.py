"""Chat from AWS's answer to the far end, and a URL that is no use."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest

from monitor.simulator import Scenario, Simulator
from tests.aws_examples import wire_answer
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.test_main_job import PROJECT, VERSION
from tests.sinks.receiver import Receiver

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2"


def chat(url: str) -> list[dict[str, Any]]:
    return [{"name": "ops", "type": "apprise", "service_url": url}]


@pytest.mark.end_to_end
def test_people_are_told_and_a_url_that_is_no_use_is_refused(tmp_path: Path) -> None:
    """A message arrives; a reload with a bad URL changes nothing; a start with it is refused; no URL is ever shown."""
    with Simulator(Scenario()) as simulator, Receiver() as receiver:
        simulator.world.put_project(PROJECT)
        for document in wire_answer()["ProjectVersionDescriptions"]:
            simulator.world.put_document(PROJECT, document)
        good = f"json://someone:{SECRET}@127.0.0.1:{receiver.server_port}/{SECRET}"
        daemon = Daemon(tmp_path, simulator, [PROJECT])
        daemon.configure([PROJECT], sinks=chat(good))
        with daemon:
            daemon.wait_for_polls(2)
            simulator.world.set_status(VERSION, "STARTING")
            assert receiver.wait_for(lambda: len(receiver.received) == 1)
            daemon.configure([PROJECT], sinks=chat(f"nosuch://{SECRET}"))
            daemon.send(signal.SIGHUP)
            daemon.wait_for(lambda: bool(daemon.entries("config.refused")))
            simulator.world.set_status(VERSION, "RUNNING")
            assert receiver.wait_for(lambda: len(receiver.received) == 2)
            shown = daemon.get("/config")
        logged = daemon.log()
        again = daemon.run("run")
    told = "sinks: ops: nosuch:// is no URL that apprise takes; compare it with the service's page on https://appriseit.com"
    titles = ["my-project / 1: TRAINING_COMPLETED → STARTING", "my-project / 1: STARTING → RUNNING"]
    assert titles == [received.json["title"] for received in receiver.received]
    assert told in logged
    assert (2, True) == (again.code, told in again.err)
    assert "service_url: json://***\n" in shown
    assert SECRET not in f"{logged}{shown}{again.err}{again.out}"
