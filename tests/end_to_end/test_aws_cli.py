"""The real `aws` command line, the simulator and the daemon: three programs, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import project_arn
from tests.end_to_end.daemon import DEADLINE, Daemon
from tests.tools import required_tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.simulator import Served

PROJECT = project_arn("shop")
SCENARIO = {"projects": [{"arn": PROJECT, "versions": [{"name": "v1", "status": "TRAINING_COMPLETED"}]}]}
SPEED = 200
"""Ten minutes of starting take three seconds."""


@dataclass(frozen=True)
class SimulatorProcess:
    """`rekognition-monitor simulate`, known by its address alone."""

    url: str
    served: tuple[Served, ...] = ()


@contextmanager
def simulate(directory: Path) -> Iterator[SimulatorProcess]:
    """Play `SCENARIO` on a free port."""
    path = directory / "scenario.yaml"
    path.write_text(json.dumps(SCENARIO))  # JSON is YAML
    options = ("--scenario", str(path), "--listen", "127.0.0.1:0", "--speed", str(SPEED))
    command = (sys.executable, "-m", "monitor", "simulate", *options)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield SimulatorProcess(process.stdout.readline().strip())
        finally:
            process.terminate()


def aws(simulator: SimulatorProcess, home: Path, operation: str, **options: str) -> Any:
    """The answer of `aws rekognition OPERATION`, which finds nothing of this machine's settings."""
    arguments = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    command = [required_tool(".venv-aws/bin/aws"), "rekognition", operation, "--endpoint-url", simulator.url]
    done = subprocess.run(
        [*command, "--output", "json", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    return json.loads(done.stdout)


def statuses(events: list[dict[str, Any]]) -> list[str]:
    """Every status that the events of one version tell of, those that no poll saw included."""
    chain = [events[0]["data"]["from"]]
    for event in events:
        assert chain[-1] == event["data"]["from"]
        chain += [*event["data"]["via"], event["data"]["to"]]
    return chain


@pytest.mark.end_to_end
def test_a_model_that_is_started_by_hand_is_seen_to_start(tmp_path: Path) -> None:
    """`aws` lists the version and starts it; the daemon tells of that start, and of nothing else."""
    with simulate(tmp_path) as simulator, Daemon(tmp_path, simulator, [PROJECT]) as daemon:
        daemon.wait_for(lambda: daemon.metrics("rekognition_project_version_info") != [])
        listed = aws(simulator, tmp_path, "describe-project-versions", project_arn=PROJECT)
        [version] = listed["ProjectVersionDescriptions"]
        arn = version["ProjectVersionArn"]
        started = aws(simulator, tmp_path, "start-project-version", project_version_arn=arn, min_inference_units="1")
        daemon.wait_for(lambda: any(event["data"]["to"] == "RUNNING" for event in daemon.delivered()))
        events = daemon.delivered()

    assert ("TRAINING_COMPLETED", {"Status": "STARTING"}) == (version["Status"], started)
    assert {("rekognition.project_version.status_changed", arn)} == {(each["type"], each["subject"]) for each in events}
    assert ["TRAINING_COMPLETED", "STARTING", "RUNNING"] == statuses(events)
    assert [None, 1] in [event["data"]["changed"].get("min_inference_units") for event in events]
    assert 0 == daemon.exit_code
