"""monitor.service.liveness: what the watchdog is to hear of, and what not"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from monitor.simulator import FaultKind
from tests.disks import fill, small_disk
from tests.service.rig import DEADLINE, A, asked, asking, make_config, metrics, running, set_status, wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from monitor.domain.delivery import Message
    from monitor.errors import DeliveryError
    from monitor.simulator import Simulator

FAILED = "rekognition_monitor_commit_failures_total "
OFTEN = {"interval": "1s", "transition_interval": "1s", "jitter": 0}


@dataclass
class Clock:
    """Seconds that only grow, and can pass at once; where a function of ours asks for them, it can be held up."""

    passed: float = 0.0
    held: str = ""
    hanging: int = 0
    let_go: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> float:
        if self.held and sys._getframe(1).f_code.co_name == self.held:  # noqa: SLF001 - a deadlock wherever it is wanted
            self.hanging += 1
            self.let_go.wait(DEADLINE)
        return time.monotonic() + self.passed


@dataclass
class Hanging:
    """A sink that answers nothing."""

    let_go: threading.Event
    batch: int = 1
    called: bool = False

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        self.called = bool(messages)
        self.let_go.wait(DEADLINE)
        return {}

    def close(self) -> None:
        """Nothing is held."""


def test_what_the_world_does_is_no_reason_to_end(simulator: Simulator, tmp_path: Path) -> None:
    """A sink and AWS that answer nothing for an hour show in the health; the threads go round."""
    clock = Clock()
    sink = Hanging(clock.let_go)
    config = make_config(tmp_path, simulator.url, A, poll=OFTEN, aws=asking(simulator.url, read_timeout="1s"))
    with running(config, monotonic=clock, extra_sinks={"slow": sink}) as service:
        wait_until(lambda: asked(simulator, A) > 1)
        set_status(simulator, A, "STOPPING")
        wait_until(lambda: sink.called)
        simulator.faults.add(FaultKind.HANG)
        clock.passed = 3600
        wait_until(lambda: service.stuck() == {})
        health = service.health()
        clock.let_go.set()

    assert "no progress for 36" in (health["sink slow"] or "")


def test_a_full_disk_is_no_reason_to_end(simulator: Simulator, tmp_path: Path) -> None:
    """Nothing is committed for an hour, and the threads go round."""
    clock = Clock()
    with small_disk(tmp_path / "disk") as disk:
        config = make_config(disk, simulator.url, A, poll=OFTEN)
        with running(config, monotonic=clock) as service:
            wait_until(lambda: asked(simulator, A) > 1)
            ballast = fill(disk)
            set_status(simulator, A, "STOPPING")
            wait_until(lambda: metrics(service, FAILED) not in ([], [f"{FAILED}0.0"]))
            clock.passed = 3600
            wait_until(lambda: service.stuck() == {})
            ballast.unlink()


@pytest.mark.parametrize(
    ("function", "loops"),
    [
        ("_heartbeat", {"scheduler"}),
        ("_its_turn", {"polls"}),
        ("_round", {"sink file", "sink log"}),
        ("_look", {"server"}),
    ],
)
def test_a_loop_that_hangs_in_itself_is_found(
    simulator: Simulator, tmp_path: Path, function: str, loops: set[str]
) -> None:
    """In a lock, wherever in its code: that loop, and no other."""
    clock = Clock(held=function)
    config = make_config(tmp_path, simulator.url, A, poll=OFTEN)
    with running(config, monotonic=clock) as service:
        wait_until(lambda: clock.hanging == len(loops))
        clock.passed = 400
        wait_until(lambda: service.stuck().keys() == loops)
        assert loops <= {name for name, what in service.health().items() if what} | {"server", "polls"}
        clock.held = ""
        clock.let_go.set()
        wait_until(lambda: service.stuck() == {})
