from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.demand import Demand, Load
from tests.builders import project, project_arn

ONE, TWO, ELSEWHERE = (
    project(project_arn("one")),
    project(project_arn("two")),
    project(project_arn("one", region="eu-west-1")),
)


def test_projects_of_one_account_and_region_add_up() -> None:
    """What all of them together would ask in a second counts, each region by itself."""
    demand = Demand()

    loads = [
        demand.put(ONE, 3, timedelta(seconds=30)),
        demand.put(TWO, 1, timedelta(seconds=5)),
        demand.put(ELSEWHERE, 1, timedelta(seconds=10)),
    ]

    assert [load.others for load in loads] == pytest.approx([0.1, 0.3, 0.1])


def test_what_is_under_way_is_counted_apart() -> None:
    """A project changes over when something begins in it, and back when that has ended."""
    demand = Demand()
    demand.put(ONE, 1, timedelta(seconds=10))
    demand.put(TWO, 1, timedelta(seconds=4), first=True)

    assert demand.put(ONE, 1, timedelta(seconds=2), first=True) == Load(first=0.75, others=0.0)
    assert demand.put(TWO, 1, timedelta(seconds=5)) == Load(first=0.5, others=0.2)


def test_a_project_counts_once() -> None:
    """A project's new pace takes the place of its last one."""
    demand = Demand()
    demand.put(ONE, 1, timedelta(seconds=1))

    assert demand.put(ONE, 1, timedelta(seconds=10)) == Load(first=0.0, others=0.1)


def test_a_project_that_is_gone_counts_no_longer() -> None:
    """What was removed leaves room to the others; to remove it twice does nothing more."""
    demand = Demand()
    demand.put(ONE, 1, timedelta(seconds=1))
    demand.remove(ONE)
    demand.remove(ONE)

    assert demand.put(TWO, 1, timedelta(seconds=10)) == Load(first=0.0, others=0.1)
