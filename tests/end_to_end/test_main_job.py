"""The main job on real input: AWS's own published answer, through the real client and the whole daemon."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from monitor.simulator import Scenario, Simulator
from tests.aws_examples import wire_answer
from tests.end_to_end.daemon import Daemon

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = "arn:aws:rekognition:us-east-1:111122223333:project/my-project/1690474772815"
VERSION = "arn:aws:rekognition:us-east-1:111122223333:project/my-project/version/1/1690556751958"
LABELS = 'aws_account_id="111122223333",aws_region="us-east-1",project="my-project"'

IS_RUNNING = f'rekognition_project_version_status{{{LABELS},version="1",status="RUNNING"}} 1'


def essence(event: dict[str, Any]) -> tuple[str, str, str, str, str]:
    data = event["data"]
    return event["type"].rpartition(".")[2], event["subject"], data["from"], data["to"], data["move"]


STARTING = ("status_changed", VERSION, "TRAINING_COMPLETED", "STARTING", "direct")
RUNNING = ("status_changed", VERSION, "STARTING", "RUNNING", "direct")


@pytest.mark.end_to_end
def test_the_published_answer_is_a_silent_baseline_and_its_changes_are_told(tmp_path: Path) -> None:
    """Baseline: nothing. Then STARTING and RUNNING: two events, in the log, in the file, and the series that follow."""
    with Simulator(Scenario()) as simulator:
        simulator.world.put_project(PROJECT)
        for document in wire_answer()["ProjectVersionDescriptions"]:
            simulator.world.put_document(PROJECT, document)
        with Daemon(tmp_path, simulator, [PROJECT]) as daemon:
            daemon.wait_for_polls(2)
            baseline = daemon.delivered()
            simulator.world.set_status(VERSION, "STARTING")
            daemon.wait_for_events(1)
            simulator.world.set_status(VERSION, "RUNNING", min_inference_units=1, max_inference_units=1)
            events = daemon.wait_for_events(2)
            daemon.wait_for(lambda: daemon.metrics(IS_RUNNING) != [])  # shown a moment after it is told
            metrics = daemon.get("/metrics").splitlines()
        code = daemon.exit_code
        logged = [json.loads(line) for line in daemon.log().splitlines()]

    assert [] == baseline
    assert [STARTING, RUNNING] == [essence(event) for event in events]
    assert {"min_inference_units": [None, 1], "max_inference_units": [None, 1]} == events[1]["data"]["changed"]
    assert [event["id"] for event in events] == [line["id"] for line in logged if line["event"] == "event.emitted"]
    assert IS_RUNNING in metrics
    assert f'rekognition_project_version_status{{{LABELS},version="1",status="STARTING"}} 0' in metrics
    assert f'rekognition_project_version_f1_score{{{LABELS},version="1"}} 1.0' in metrics
    assert f'rekognition_project_version_billable_training_seconds{{{LABELS},version="1"}} 1899' in metrics
    moves = "rekognition_project_version_transitions_total"
    assert f'{moves}{{{LABELS},from="TRAINING_COMPLETED",to="STARTING"}} 1' in metrics
    assert f'{moves}{{{LABELS},from="STARTING",to="RUNNING"}} 1' in metrics
    assert f'{moves}{{{LABELS},from="RUNNING",to="STOPPING"}} 0' in metrics
    assert f"rekognition_project_up{{{LABELS}}} 1" in metrics
    assert 0 == code
