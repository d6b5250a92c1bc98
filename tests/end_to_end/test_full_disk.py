"""A real full disk under the daemon: a small file system in memory, and a file that fills it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest

from monitor.simulator import Scenario, Simulator
from tests.builders import project_arn
from tests.disks import fill, small_disk
from tests.end_to_end.daemon import Daemon

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = project_arn("my-project")
LEAVING = project_arn("leaving")
LABELS = 'aws_account_id="111122223333",aws_region="us-east-1",project="my-project"'
FAILED = "rekognition_monitor_commit_failures_total "
PATIENT = {"interval": "1s", "transition_interval": "1s", "jitter": 0, "confirm_absence": 100}


def status_is(daemon: Daemon, version: str, status: str) -> bool:
    """Whether /metrics shows the version in that status."""
    series = f'rekognition_project_version_status{{{LABELS},version="{version}",status="{status}"}} 1'
    return series in daemon.metrics("rekognition_project_version_status{")


def wait_for_listings(daemon: Daemon, simulator: Simulator) -> None:
    """Until one more listing of each project is stored, for another was answered after it."""
    begin = len(simulator.served)

    def answered(project: str) -> int:
        return sum(each.complete and each.project_arn == project for each in simulator.served[begin:])

    daemon.wait_for(lambda: min(answered(PROJECT), answered(LEAVING)) > 2)


def moves(events: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return sorted((event["data"]["version"]["name"], event["data"]["from"], event["data"]["to"]) for event in events)


@pytest.mark.end_to_end
def test_a_full_disk_stops_nothing_but_commits(tmp_path: Path) -> None:
    """Polls go on and /metrics shows the truth; with room again, whatever the last poll saw is told, once.

    Nor does a reload end the process meanwhile that would have something to settle: a version is missing from a project
    that it takes out.
    """
    with (
        small_disk(tmp_path / "disk") as disk,
        Simulator(Scenario.model_validate({"limits": {"calls_per_second": None}})) as simulator,
    ):
        for arn in (PROJECT, LEAVING):
            simulator.world.put_project(arn)
        missing = simulator.world.put_version(LEAVING, "v1", status="RUNNING")
        first, second = (simulator.world.put_version(PROJECT, name, status="STARTING") for name in ("v1", "v2"))
        daemon = Daemon(tmp_path, simulator, [])
        sections = {"state": {"url": f"sqlite:///{disk / 'state.db'}"}, "poll": PATIENT}
        daemon.configure([PROJECT, LEAVING], **sections)
        with daemon:
            wait_for_listings(daemon, simulator)
            simulator.world.remove_version(missing)
            wait_for_listings(daemon, simulator)
            ballast = fill(disk)
            for arn in (first, second):
                simulator.world.set_status(arn, "RUNNING")
            daemon.wait_for(lambda: status_is(daemon, "v1", "RUNNING") and status_is(daemon, "v2", "RUNNING"))
            simulator.world.set_status(second, "STOPPING")
            daemon.wait_for(lambda: status_is(daemon, "v2", "STOPPING"))
            daemon.configure([PROJECT], **sections)
            daemon.send(signal.SIGHUP)
            daemon.wait_for(lambda: bool(daemon.entries("config.reloaded")))
            daemon.wait_for_polls(0)
            shown, refused = daemon.metrics("rekognition_project_up"), daemon.metrics(FAILED)
            healthy, meanwhile = daemon.ask("/-/healthy"), daemon.delivered()
            ballast.unlink()
            daemon.wait_for_events(2)
            daemon.wait_for_polls(0)
        told, logged = daemon.delivered(), daemon.entries("commit.refused")

    assert (200, "healthy\n") == healthy
    assert ([f"rekognition_project_up{{{LABELS}}} 1"], []) == (shown, meanwhile)
    assert float(refused[0].split()[1]) > 1
    assert "no space is left on its disk" in logged[0]["error"]
    assert [("v1", "STARTING", "RUNNING"), ("v2", "STARTING", "STOPPING")] == moves(told)
    assert 2 == len({event["id"] for event in told})
    assert ([], 1) == (daemon.entries("poll.crashed"), len(daemon.entries("leftovers.kept")))
    assert 0 == daemon.exit_code
