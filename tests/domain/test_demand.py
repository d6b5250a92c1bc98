from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.demand import Demand
from tests.builders import project, project_arn

ONE, TWO, ELSEWHERE = (
    project(project_arn("one")),
    project(project_arn("two")),
    project(project_arn("one", region="eu-west-1")),
)


def test_projects_of_one_account_and_region_add_up() -> None:
    """What all of them together would ask in a second counts, each region by itself."""
    demand = Demand()

    totals = [
        demand.put(ONE, 3, timedelta(seconds=30)),
        demand.put(TWO, 1, timedelta(seconds=5)),
        demand.put(ELSEWHERE, 1, timedelta(seconds=10)),
    ]

    assert totals == pytest.approx([0.1, 0.3, 0.1])


def test_a_project_counts_once() -> None:
    """A project's new pace takes the place of its last one."""
    demand = Demand()
    demand.put(ONE, 1, timedelta(seconds=1))

    assert demand.put(ONE, 1, timedelta(seconds=10)) == pytest.approx(0.1)


def test_a_project_that_is_gone_counts_no_longer() -> None:
    """What was removed leaves room to the others; to remove it twice does nothing more."""
    demand = Demand()
    demand.put(ONE, 1, timedelta(seconds=1))
    demand.remove(ONE)
    demand.remove(ONE)

    assert demand.put(TWO, 1, timedelta(seconds=10)) == pytest.approx(0.1)
