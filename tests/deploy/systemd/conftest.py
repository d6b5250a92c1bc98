from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.simulator import Scenario, Simulator
from tests.deploy.machine import boot
from tests.deploy.systemd.program import put_program
from tests.deploy.systemd.rig import PROJECT, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.deploy.machine import Machine


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    """One that the program and its units are on; all tests of a worker share it."""
    with boot() as machine:
        put_program(machine)
        yield machine


@pytest.fixture(scope="session")
def simulator(machine: Machine) -> Iterator[Simulator]:
    """In the machine's network, with one project."""
    simulator = Simulator(Scenario.model_validate({"limits": {"calls_per_second": None}}))
    simulator.world.put_project(PROJECT)
    with machine.network():
        simulator.start()
    yield simulator
    simulator.stop()


@pytest.fixture
def service(machine: Machine, simulator: Simulator) -> Iterator[Service]:
    """Installed and not begun; the test is in the machine's network."""
    service = Service(machine, simulator)
    service.clear()
    with machine.network():
        yield service
    service.clear()
