"""The demo, scraped: a simulated fleet that lives a life of everything, the daemon, and a Prometheus with the rules.

Beside the demo's own projects there is what dashboards are made for: a second account and region, a project that cannot
be polled, answers that come late or not at all, and a sink that takes nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from monitor.simulator import Scenario, Simulator, load_scenario, shipped_scenario
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.prometheus import Watch, reserved_address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPEED: Final = 60.0
"""What `hastened` makes of Prometheus's minutes: an hour passes in a minute, in the fleet and in the rules."""

NOT_THERE: Final = "arn:aws:rekognition:eu-west-1:444455556666:project/old-warehouse/1767225600000"
"""Somebody has deleted this project and left it in the configuration."""

_ELSEWHERE: Final = {
    "arn": "arn:aws:rekognition:eu-west-1:444455556666:project/conveyor/1767225600000",
    "versions": [
        {"name": "line-1", "status": "RUNNING", "age": "12d", "fields": {"min_inference_units": 3}},
        {
            "name": "line-2",
            "status": "STOPPED",
            "age": "12d",
            "repeat": True,
            "steps": [
                {"after": "8m", "status": "STARTING"},
                {"after": "5m", "status": "RUNNING"},
                {"after": "25m", "status": "STOPPING"},
                {"after": "3m", "status": "STOPPED"},
            ],
        },
    ],
}
_FAULTS: Final = (
    {"kind": "latency", "delay": "300ms", "every": 7},
    {"kind": "error", "code": "ThrottlingException", "account": "111122223333", "from": "30m", "count": 2},
    {"kind": "error", "code": "AccessDeniedException", "project": "checkout-products", "every": 12},
)
"""Polls fail again and again, so that a slow machine does not miss it."""


def demo_fleet() -> Scenario:
    """The demo's fleet and what is added to it."""
    demo = load_scenario(shipped_scenario("life-of-everything"))
    added = Scenario.model_validate({"projects": [_ELSEWHERE], "faults": _FAULTS})
    return demo.model_copy(update={"projects": demo.projects + added.projects, "faults": added.faults})


@contextmanager
def watched_demo(directory: Path, *, speed: float = SPEED) -> Iterator[Watch]:
    """Prometheus with the shipped configuration and rules, at the demo."""
    fleet = demo_fleet()
    with Simulator(fleet, speed=speed) as simulator:
        daemon = Daemon(directory, simulator, [])
        daemon.configure([{"arn": arn} for arn in (*fleet.project_arns, NOT_THERE)], sinks=_sinks(directory))
        with (
            daemon,
            reserved_address() as nobody,
            Watch(directory, target=_address(daemon), receiver=nobody) as watch,
        ):
            yield watch


def _sinks(directory: Path) -> list[dict[str, Any]]:
    archive = {"name": "archive", "type": "file", "path": str(directory / "missing" / "events.jsonl")}
    return [
        {"name": "audit", "type": "file", "path": str(directory / "events.jsonl")},
        archive | {"min_severity": "error", "max_attempts": 5},
    ]


def _address(daemon: Daemon) -> str:
    return daemon.url.removeprefix("http://").rstrip("/")
