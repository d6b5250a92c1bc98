"""Deliveries while the machine's clock is set, through the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.errors import DeliveryError
from tests.service.rig import A, Told, make_config, metrics, running, set_status, wait_until
from tests.service.test_service import Clocks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from monitor.domain.delivery import Message
    from monitor.simulator import Simulator


@dataclass
class Down(Told):
    """Refuses until it is up."""

    up: bool = False
    refused: int = 0

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        if self.up:
            return super().deliver(messages)
        self.refused += 1
        raise DeliveryError("down", reason="down", retry_after=1)


@pytest.mark.parametrize("days", [-1, 1, -10, 10])
def test_a_retry_is_made_whatever_the_clock_says(simulator: Simulator, tmp_path: Path, days: int) -> None:
    """Put back, it does not wait for days; put forward by more than `max_age`, it is not given up."""
    clocks, down = Clocks(), Down()
    poll = {"interval": "1s", "transition_interval": "1s", "jitter": 0}
    config = make_config(tmp_path, simulator.url, A, sinks=[], poll=poll)
    with running(config, clock=clocks.wall, monotonic=clocks.monotonic, extra_sinks={"ops": down}) as service:
        wait_until(lambda: metrics(service, "rekognition_project_up") != [])
        set_status(simulator, A, "STOPPING")
        wait_until(lambda: down.refused > 0)
        clocks.set_by = timedelta(days=days)
        service.tick()
        before = down.refused
        wait_until(lambda: down.refused > before)
        down.up = True
        wait_until(lambda: bool(down.messages))
    assert ["a / v1: RUNNING -> STOPPING"] == down.summaries()
