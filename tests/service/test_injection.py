"""Text that anybody may write at AWS is text wherever it comes to; the page is tried in a browser elsewhere."""

from __future__ import annotations

import io
import json
import urllib.request
from typing import TYPE_CHECKING, Final

from monitor import logs
from tests.metrics.parsing import parse_text
from tests.service.rig import A, get, logging_restored, make_config, running, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.simulator import Simulator

HOSTILE: Final = (
    '\x1b[2J\x07\r\nHTTP/1.1 200 OK\r\nSet-Cookie: forged=1\r\n\r\n{"event": "forged"}\n# TYPE forged gauge\nforged 1\n'
    "<script>alert(1)</script>\u202eedoc\u2028\u0085\x00\"'`${{x}}"
)
PATHS: Final = ("/", "/metrics", "/api/v1/versions", "/api/v1/events", "/config", "/-/ready")


def told(simulator: Simulator, directory: Path, form: str) -> tuple[str, dict[str, str], list[str]]:
    """What is logged, and served, about a version whose every text is hostile; and the headers of what is served."""
    found = simulator.world.project(A)
    assert found is not None
    [version] = found.versions
    simulator.world.set_status(version, "FAILED", status_message=HOSTILE, version_description=HOSTILE)
    stream = io.StringIO()
    config = make_config(directory, simulator.url, A, poll={"interval": "1s", "transition_interval": "1s", "jitter": 0})
    with logging_restored():
        logs.configure("debug", form, stream)
        with running(config) as service:
            wait_until(lambda: 'status="FAILED"} 1' in get(service, "/metrics")[1])
            simulator.world.set_status(version, "RUNNING", status_message=HOSTILE + "2")
            wait_until(lambda: "FAILED -> RUNNING" in stream.getvalue())
            wait_until(lambda: 'status="RUNNING"} 1' in get(service, "/metrics")[1])
            served = {path: get(service, path)[1] for path in PATHS}
            headers = [_headers(service.url + path) for path in PATHS]
    return stream.getvalue(), served, headers


def _headers(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as response:
        return str(response.headers)


def test_nothing_is_forged_for_machines(simulator: Simulator, tmp_path: Path) -> None:
    """Each line of the log is one entry, each header ours, each metric one that there is; the text itself is whole."""
    log, served, headers = told(simulator, tmp_path, "json")
    events = [json.loads(line)["event"] for line in log.split("\n")[:-1]]
    versions = json.loads(served["/api/v1/versions"])["versions"]
    metrics = {family.name for family in parse_text(served["/metrics"])}
    assert "forged" not in events
    assert [HOSTILE + "2"] == [each["version"]["status_message"] for each in versions]
    assert not any("forged" in each.lower() for each in headers)
    assert not any("forged" in name for name in metrics)


def test_nothing_is_forged_for_people(simulator: Simulator, tmp_path: Path) -> None:
    """No character of a line of the log moves a cursor, ends the line or turns its direction."""
    log, _, _ = told(simulator, tmp_path, "console")
    lines = log.split("\n")[:-1]
    assert [] == [line for line in lines if not line.isprintable() or not line.startswith("20")]
