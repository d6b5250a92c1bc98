from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

from monitor.service.service import Service
from tests.service.rig import DEADLINE, A, get, make_config, running, set_status, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.simulator import Simulator

OFTEN = {"interval": "1s", "transition_interval": "1s", "jitter": 0}


def answered(service: Service, path: str) -> Any:
    """The JSON of the API."""
    status, text = get(service, f"/api/v1/{path}")
    assert 200 == status, text
    return json.loads(text)


def pushed(lines: Iterator[str]) -> Any:
    """The next event of a stream."""
    return json.loads(next(line for line in lines if line.startswith("data: ")).removeprefix("data: "))


def test_what_a_running_service_tells(simulator: Simulator, tmp_path: Path) -> None:
    """A change is pushed, and is in the history, the timeline and the deliveries; an open stream holds no stop."""
    service = Service(make_config(tmp_path, simulator.url, A, poll=OFTEN))
    service.start()
    wait_until(lambda: get(service, "/-/ready")[0] == 200)
    with httpx.stream("GET", f"{service.url}/api/v1/events?after=0&stream=true", timeout=DEADLINE) as answer:
        lines = answer.iter_lines()
        next(lines)
        set_status(simulator, A, "STOPPING")
        event = pushed(lines)
        [told] = answered(service, "timeline?since=1h")["timelines"]
        whole = answered(service, f"versions/{event['subject']}")
        sinks = answered(service, "sinks")["sinks"]
        assert service.stop()
        rest = list(lines)
    assert (
        [("RUNNING", "STOPPING")],
        ["RUNNING", "STOPPING"],
        [event],
        ["file", "log"],
        {("log", "log", "ok"), ("file", "file", "ok")},
        [],
    ) == (
        [(change["from"], change["to"]) for change in told["changes"]],
        [span["status"] for span in told["spans"]][-2:],
        whole["history"],
        sorted(delivery["sink"] for delivery in whole["deliveries"]),
        {(sink["name"], sink["type"], sink["state"]) for sink in sinks},
        [line for line in rest if line not in ("", ":")],
    )


def test_what_was_seen_is_remembered(simulator: Simulator, tmp_path: Path) -> None:
    """The next process goes on with the span that the last one wrote down when it ended."""
    config = make_config(tmp_path, simulator.url, A)
    starts = []
    for _ in range(2):
        with running(config) as service:
            wait_until(lambda of=service: answered(of, "projects")["projects"][0]["polls"])  # type: ignore[misc]
            [told] = answered(service, "timeline?since=1h")["timelines"]
            starts.append([span["start"] for span in told["spans"] if span["status"] == "RUNNING"])
    assert starts[0] == starts[1]
