from __future__ import annotations

import pytest

from monitor.aws.reach import DOUBTFUL, PAUSE, Reach
from monitor.aws.source import RekognitionSource
from monitor.aws.trouble import HeldOffError
from monitor.domain.fault import Fault, Reason
from monitor.domain.snapshot import Listing
from tests.aws.accounts import NORTH, REGION, asking, operations, project_in, settings_for, simulated

ERROR = OSError("no route")


class Now:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def silent(now: Now) -> Reach:
    """A region that has not answered for a while."""
    reach = Reach(longest=10, monotonic=now)
    for _ in range(DOUBTFUL):
        reach.check()
        reach.failed(ERROR)
    return reach


def test_a_region_is_asked_until_several_attempts_came_to_nothing() -> None:
    """One answer in between, whatever it says, and the count begins again."""
    reach = Reach(longest=10, monotonic=Now())
    for _ in range(3):
        for _ in range(DOUBTFUL - 1):
            reach.failed(ERROR)
        reach.check()
        reach.answered()


def test_one_call_finds_out_and_the_others_are_told() -> None:
    """A call every so often, and none beside one that is under way."""
    now = Now()
    reach = silent(now)
    with pytest.raises(HeldOffError) as held:
        reach.check()
    now.seconds += PAUSE
    reach.check()  # this one asks
    now.seconds += 9
    with pytest.raises(HeldOffError):
        reach.check()
    now.seconds += 1  # it should have ended by now
    reach.check()

    assert held.value.kwargs["error"] is ERROR


def test_an_answer_lets_everybody_ask_again() -> None:
    """At once."""
    now = Now()
    reach = silent(now)
    now.seconds += PAUSE
    reach.check()
    reach.answered()
    reach.check()
    reach.check()


def test_a_region_without_an_answer_costs_few_calls() -> None:
    """Twenty projects there get the same fault, and other regions are asked as ever."""
    projects = [project_in(NORTH, name=f"p{number}", region="eu-west-1") for number in range(20)]
    near = project_in(NORTH)
    account = settings_for(NORTH, regions=(REGION,))
    with simulated(*projects, near) as simulator, asking(simulator, account) as sessions:
        simulator.faults.add("reset", region="eu-west-1")
        source = RekognitionSource(sessions)
        faults = [source.list_versions(each) for each in projects]
        answer = source.list_versions(near)

    assert {fault.reason for fault in faults if isinstance(fault, Fault)} == {Reason.CONNECTION_RESET}
    assert isinstance(answer, Listing)
    assert len([1 for operation, _ in operations(simulator) if operation == "DescribeProjectVersions"]) == DOUBTFUL + 1
