"""The real `aws` command line, as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from monitor.simulator import Simulator
from tests.simulator.rig import PROJECT, REGION, Clock, scenario
from tests.tools import required_tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_AWS = ".venv-aws/bin/aws"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(scenario(), clock=Clock()) as running:
        yield running


def _aws(simulator: Simulator, home: Path, command: str, **options: str) -> subprocess.CompletedProcess[str]:
    """Runs `aws rekognition COMMAND` with credentials from the environment and nothing else of this machine's."""
    arguments = [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", value)]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    line = [required_tool(_AWS), "rekognition", command, "--endpoint-url", simulator.url, "--output", "json"]
    return subprocess.run([*line, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False)


def _json(done: subprocess.CompletedProcess[str]) -> Any:
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_it_lists_versions(simulator: Simulator, tmp_path: Path) -> None:
    """`aws rekognition describe-project-versions` prints what the world holds."""
    arn = simulator.world.put_version(PROJECT, "1", status="RUNNING", min_inference_units=1)

    assert _json(_aws(simulator, tmp_path, "describe-project-versions", project_arn=PROJECT)) == {
        "ProjectVersionDescriptions": [
            {
                "ProjectVersionArn": arn,
                "CreationTimestamp": 1795284000.0,
                "MinInferenceUnits": 1,
                "Status": "RUNNING",
                "Feature": "CUSTOM_LABELS",
            }
        ]
    }


def test_it_starts_a_model(simulator: Simulator, tmp_path: Path) -> None:
    """`aws rekognition start-project-version` changes the world."""
    arn = simulator.world.put_version(PROJECT, "1", status="TRAINING_COMPLETED")
    started = _aws(simulator, tmp_path, "start-project-version", project_version_arn=arn, min_inference_units="1")

    assert (_json(started), simulator.world.history[-1].after) == ({"Status": "STARTING"}, "STARTING")


def test_it_tells_an_error(simulator: Simulator, tmp_path: Path) -> None:
    """With its code and its text."""
    arn = simulator.world.put_version(PROJECT, "1", status="STOPPED")
    refused = _aws(simulator, tmp_path, "stop-project-version", project_version_arn=arn)

    assert "(InvalidParameterException)" in refused.stderr
    assert "A version that is STOPPED cannot be stopped." in refused.stderr
