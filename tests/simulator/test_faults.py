from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.simulator.faults import Aim, Faults
from tests.simulator.rig import ADAPTERS, PROJECT

_AIM: dict[str, Any] = {
    "operation": "DescribeProjectVersions",
    "project_arn": PROJECT,
    "page": 1,
    "account": "111122223333",
    "region": "us-east-1",
    "access_key": "AKIA",
}


def _kind(faults: Faults, seconds: float = 0, **changes: Any) -> str | None:
    fault = faults.choose(Aim(**{**_AIM, **changes}), timedelta(seconds=seconds)).fault
    return fault.kind.value if fault else None


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        ({"operation": "DescribeProjectVersions"}, {"operation": "DescribeProjects"}),
        ({"project": "my-p*"}, {"project_arn": ADAPTERS}),
        ({"project": PROJECT}, {"project_arn": ADAPTERS}),
        ({"project": "*"}, {"project_arn": None}),
        ({"page": 1}, {"page": 2}),
        ({"account": "111122223333"}, {"account": "444455556666"}),
        ({"region": "us-east-1"}, {"region": "eu-west-1"}),
        ({"access_key": "AKIA"}, {"access_key": "ASIA"}),
    ],
)
def test_a_fault_strikes_where_its_condition_holds(condition: dict[str, Any], other: dict[str, Any]) -> None:
    """And nowhere else."""
    faults = Faults()
    faults.add("reset", **condition)

    assert (_kind(faults), _kind(faults, **other)) == ("reset", None)


def test_a_fault_has_a_time() -> None:
    """From its beginning until before its end."""
    faults = Faults()
    faults.add("reset", from_="10s", until="20s")

    assert [_kind(faults, second) for second in (9, 10, 19, 20)] == [None, "reset", "reset", None]


def test_a_fault_can_strike_so_many_times() -> None:
    """And then no more."""
    faults = Faults()
    faults.add("reset", count=2)

    assert [_kind(faults) for _ in range(3)] == ["reset", "reset", None]


def test_a_fault_can_strike_each_so_many_requests() -> None:
    """Those that do not match are not counted."""
    faults = Faults()
    faults.add("reset", every=2, page=1)

    assert [_kind(faults, page=page) for page in (1, 2, 2, 1, 1, 1)] == [None, None, None, "reset", None, "reset"]


def test_a_rate_is_drawn_with_its_seed() -> None:
    """The same seed strikes the same requests."""
    one, same = Faults(), Faults()
    for faults in (one, same):
        faults.add("reset", rate=0.5, seed=7)
    struck = [_kind(one) for _ in range(100)]

    assert struck == [_kind(same) for _ in range(100)]
    assert 35 < struck.count("reset") < 65


def test_the_first_fault_that_strikes_strikes_alone() -> None:
    """The second keeps its count for later."""
    faults = Faults()
    faults.add("reset", count=1)
    faults.add("html", count=1)

    assert [_kind(faults) for _ in range(3)] == ["reset", "html", None]


def test_latencies_add_up_and_come_on_top() -> None:
    """A slow answer can be wrong as well."""
    faults = Faults()
    faults.add("latency", delay="1s")
    faults.add("latency", delay="500ms")
    faults.add("html")

    mischief = faults.choose(Aim(**_AIM), timedelta())
    assert (mischief.delay, mischief.fault and mischief.fault.kind.value) == (timedelta(seconds=1.5), "html")


def test_faults_can_be_cleared() -> None:
    """All at once."""
    faults = Faults()
    faults.add("reset")
    faults.clear()

    assert _kind(faults) is None


@pytest.mark.parametrize(
    ("kind", "conditions", "problem"),
    [
        ("error", {}, "needs a `code`"),
        ("latency", {}, "needs a `delay`"),
        ("earthquake", {}, "Input should be 'error'"),
        ("reset", {"pages": 1}, "Extra inputs are not permitted"),
        ("reset", {"rate": 2}, "less than or equal to 1"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(kind: str, conditions: dict[str, Any], problem: str) -> None:
    """When it is added, not when it should strike."""
    with pytest.raises(ValueError, match=problem):
        Faults().add(kind, **conditions)
