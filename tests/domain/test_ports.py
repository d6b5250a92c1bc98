from __future__ import annotations

import inspect

import pytest

from monitor.aws.source import RekognitionSource
from monitor.domain.ports import PollObserver, Source, State
from monitor.metrics.instruments import Instruments
from monitor.store.store import Store


def methods(kind: type) -> dict[str, list[tuple[str, object]]]:
    """The public methods of a class, each with the names and kinds of its parameters."""
    found = inspect.getmembers(kind, inspect.isfunction)
    return {
        name: [(each.name, each.kind) for each in inspect.signature(method).parameters.values()]
        for name, method in found
        if not name.startswith("_")
    }


@pytest.mark.parametrize(
    ("port", "concrete"), [(Source, RekognitionSource), (State, Store), (PollObserver, Instruments)]
)
def test_the_poller_s_ports_have_a_plug(port: type, concrete: type) -> None:
    """What the poller calls is there, by the same names and parameters."""
    offered = methods(concrete)

    assert {name: offered.get(name) for name in methods(port)} == methods(port)
