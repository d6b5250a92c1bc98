from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from monitor.simulator import Limits, Served, Simulator
from tests.simulator.rig import (
    ACCOUNT,
    ADAPTERS,
    OUTPUT,
    PROJECT,
    REGION,
    START,
    Clock,
    Seconds,
    client,
    post,
    scenario,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulator(clock: Clock) -> Iterator[Simulator]:
    with Simulator(scenario(), clock=clock) as running:
        yield running


def test_each_request_is_on_record(simulator: Simulator, clock: Clock) -> None:
    """With what was served, to whom, and whether the listing was complete."""
    first = simulator.world.put_version(PROJECT, "1", status="RUNNING")
    second = simulator.world.put_version(PROJECT, "2", status="STOPPED")
    clock.advance(seconds=1)
    aws = client(simulator)
    list(aws.get_paginator("describe_project_versions").paginate(ProjectArn=PROJECT, PaginationConfig={"PageSize": 1}))

    agent = simulator.served[0].user_agent

    def record(page: int, *versions: tuple[str, str | None], complete: bool) -> Served:
        return Served(
            at=clock.now,
            operation="DescribeProjectVersions",
            account=ACCOUNT,
            region=REGION,
            project_arn=PROJECT,
            page=page,
            versions=versions,
            fault=None,
            code=None,
            access_key="AKIAIOSFODNN7EXAMPLE",
            user_agent=agent,
            complete=complete,
        )

    assert agent.startswith("Boto3/")
    assert simulator.served == (
        record(1, (second, "STOPPED"), complete=False),
        record(2, (first, "RUNNING"), complete=True),
    )


def test_only_the_last_requests_are_kept() -> None:
    """A demonstration may run for days."""
    with Simulator(scenario(limits=Limits(calls_per_second=None, records=1))) as simulator:
        post(simulator, "DescribeProjects", {})
        post(simulator, "DescribeProjectVersions", {"ProjectArn": PROJECT})

        assert [served.operation for served in simulator.served] == ["DescribeProjectVersions"]


def test_an_answer_that_nobody_waits_for_is_not_complete(simulator: Simulator) -> None:
    """The client gave up before it was sent."""
    client(simulator).describe_project_versions(ProjectArn=PROJECT)
    simulator.faults.add("latency", delay="1h")
    with pytest.raises(ReadTimeoutError):
        client(simulator, timeout=1).describe_project_versions(ProjectArn=PROJECT)  # it has come there by then
    simulator.stop()

    assert [(served.sent, served.complete) for served in simulator.served] == [(True, True), (False, False)]


def test_a_change_of_the_world_shows_in_the_next_answer(simulator: Simulator) -> None:
    """Nothing is kept from before."""
    aws = client(simulator)
    arn = simulator.world.put_version(PROJECT, "1", status="STARTING")
    aws.describe_project_versions(ProjectArn=PROJECT)
    simulator.world.set_status(arn, "RUNNING")
    aws.describe_project_versions(ProjectArn=PROJECT)

    assert [served.versions for served in simulator.served] == [((arn, "STARTING"),), ((arn, "RUNNING"),)]


def test_five_calls_a_second_are_answered_and_the_sixth_is_throttled() -> None:
    """For each account, region and operation on its own; a second later it is all right again."""
    seconds = Seconds()
    with Simulator(scenario(limits={}), monotonic=seconds) as simulator:
        aws = client(simulator)
        for _ in range(5):
            aws.describe_project_versions(ProjectArn=PROJECT)
        with pytest.raises(ClientError) as throttled:
            aws.describe_project_versions(ProjectArn=ADAPTERS)
        aws.describe_projects()
        seconds.now += 1
        aws.describe_project_versions(ProjectArn=PROJECT)

        error = throttled.value.response
        assert (error["Error"]["Code"], error["Error"]["Message"], error["ResponseMetadata"]["HTTPStatusCode"]) == (
            "ThrottlingException",
            "Slow down; sudden increase in rate of requests.",
            400,
        )
        assert [(served.fault, served.code, served.complete) for served in simulator.served] == [
            *[(None, None, True)] * 5,
            ("throttled", "ThrottlingException", False),
            *[(None, None, True)] * 2,
        ]


def test_a_refusal_by_right_is_on_record_without_a_fault(simulator: Simulator) -> None:
    """The code says what was answered."""
    post(simulator, "StopProjectVersion", {"ProjectVersionArn": PROJECT.replace("/169", "/version/1/169")})

    assert [(served.fault, served.code, served.account) for served in simulator.served] == [
        (None, "ResourceNotFoundException", ACCOUNT)
    ]


def test_a_scenario_is_played_from_the_moment_the_simulator_is_made(clock: Clock) -> None:
    """Its faults too, at the same speed."""
    play = scenario(
        projects=[{"arn": PROJECT, "versions": [{"name": "1", "steps": [{"after": "30m", "status": "RUNNING"}]}]}],
        faults=[{"kind": "html", "from": "31m"}],
    )
    with Simulator(play, clock=clock, speed=60) as simulator:
        clock.advance(seconds=30)
        before = post(simulator, "DescribeProjectVersions", {"ProjectArn": PROJECT}).document
        clock.advance(seconds=1)
        after = post(simulator, "DescribeProjectVersions", {"ProjectArn": PROJECT}).body

    statuses = [version["Status"] for version in before["ProjectVersionDescriptions"]]
    assert (statuses, after[:9]) == (["RUNNING"], b"<!DOCTYPE")


def test_what_is_begun_by_hand_takes_as_long_as_the_scenario_says(clock: Clock) -> None:
    """Divided by the speed."""
    with Simulator(scenario(durations={"training": "2h"}), clock=clock, speed=60) as simulator:
        aws = client(simulator)
        aws.create_project_version(ProjectArn=PROJECT, VersionName="1", OutputConfig=OUTPUT)
        clock.advance(minutes=3)

        assert [(change.at - START).total_seconds() for change in simulator.world.history] == [0, 120]


def test_the_same_scenario_has_the_same_life() -> None:
    """Down to the ARNs; another seed has another."""

    def history(seed: int) -> object:
        clock = Clock()
        lives = {"count": 20, "seed": seed, "pace": "fast", "unknown_statuses": 0.1, "skipped_moves": 0.1}
        simulator = Simulator(scenario(projects=[{"arn": PROJECT, "lives": lives}]), clock=clock)
        clock.advance(hours=1)
        return simulator.world.history

    assert (history(1) == history(1), history(1) == history(2)) == (True, False)


def test_there_is_no_address_before_the_start() -> None:
    """The port is chosen then."""
    with pytest.raises(RuntimeError, match="no address until it is started"):
        _ = Simulator(scenario()).url


def test_a_simulator_can_be_started_again() -> None:
    """The world goes on; stopping twice does nothing."""
    simulator = Simulator(scenario())
    for _ in range(2):
        with simulator:
            post(simulator, "DescribeProjects", {})
        simulator.stop()

    assert len(simulator.served) == 2
