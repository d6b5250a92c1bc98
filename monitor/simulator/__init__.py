"""Speaks Rekognition's wire protocol on loopback, for the demo, the tests and the benchmarks."""

from __future__ import annotations

from monitor.simulator.faults import Fault, FaultKind
from monitor.simulator.limits import Durations, Limits
from monitor.simulator.loading import load_scenario, shipped_scenario
from monitor.simulator.records import Served
from monitor.simulator.roles import RoleSpec
from monitor.simulator.scenario import Scenario
from monitor.simulator.simulator import Simulator
from monitor.simulator.world import Change, World

__all__ = [
    "Change",
    "Durations",
    "Fault",
    "FaultKind",
    "Limits",
    "RoleSpec",
    "Scenario",
    "Served",
    "Simulator",
    "World",
    "load_scenario",
    "shipped_scenario",
]
