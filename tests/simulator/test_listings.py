from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from monitor.simulator import Limits, Simulator
from tests.simulator.rig import ADAPTERS, PROJECT, REGION, Clock, Seconds, client, post, scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_rekognition import RekognitionClient

_PUBLISHED = json.loads((Path(__file__).parent / "data" / "DescribeProjectVersions.json").read_text(encoding="utf-8"))


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def simulator(seconds: Seconds) -> Iterator[Simulator]:
    limits = Limits(calls_per_second=None, token_life=timedelta(seconds=60))
    with Simulator(scenario(limits=limits), clock=Clock(), monotonic=seconds) as running:
        yield running


@pytest.fixture
def aws(simulator: Simulator) -> RekognitionClient:
    return client(simulator)


def _put(simulator: Simulator, *names: str) -> None:
    for name in names:
        simulator.world.put_version(PROJECT, name, status="STOPPED")


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


def test_awss_published_answer_is_served_verbatim(simulator: Simulator) -> None:
    """Byte for byte what was put in, also its empty token."""
    simulator.world.put_document(PROJECT, _PUBLISHED["ProjectVersionDescriptions"][0])

    assert post(simulator, "DescribeProjectVersions", {"ProjectArn": PROJECT}).document == _PUBLISHED


def test_pages_hold_as_many_as_was_asked_for(simulator: Simulator, aws: RekognitionClient) -> None:
    """boto3's own paginator finds all of them, the newest first."""
    _put(simulator, *"abcde")
    pages = aws.get_paginator("describe_project_versions").paginate(
        ProjectArn=PROJECT, PaginationConfig={"PageSize": 2}
    )

    names = [[v["ProjectVersionArn"].split("/")[3] for v in page["ProjectVersionDescriptions"]] for page in pages]
    assert names == [["e", "d"], ["c", "b"], ["a"]]


def test_a_page_holds_a_hundred_unless_asked_otherwise(simulator: Simulator, aws: RekognitionClient) -> None:
    """AWS's default."""
    _put(simulator, *(f"v{number}" for number in range(101)))

    page = aws.describe_project_versions(ProjectArn=PROJECT)
    assert (len(page["ProjectVersionDescriptions"]), bool(page["NextToken"])) == (100, True)


def test_versions_can_be_asked_for_by_name(simulator: Simulator, aws: RekognitionClient) -> None:
    """One that is not there is left out."""
    _put(simulator, "a", "b", "c")

    answer = aws.describe_project_versions(ProjectArn=PROJECT, VersionNames=["a", "c", "x"])
    assert [v["ProjectVersionArn"].split("/")[3] for v in answer["ProjectVersionDescriptions"]] == ["c", "a"]


@pytest.mark.parametrize("wrong", [{"MaxResults": 101}, {"VersionNames": ["v"] * 11}])
def test_more_than_aws_allows_is_refused(aws: RekognitionClient, wrong: dict[str, Any]) -> None:
    """By the server: botocore lets it pass."""
    with pytest.raises(ClientError) as refused:
        aws.describe_project_versions(ProjectArn=PROJECT, **wrong)

    assert _code(refused.value) == "ValidationException"


def test_a_token_expires(simulator: Simulator, aws: RekognitionClient, seconds: Seconds) -> None:
    """The listing has to begin again."""
    _put(simulator, "a", "b")
    token = aws.describe_project_versions(ProjectArn=PROJECT, MaxResults=1)["NextToken"]
    seconds.now += 60

    with pytest.raises(aws.exceptions.InvalidPaginationTokenException):
        aws.describe_project_versions(ProjectArn=PROJECT, MaxResults=1, NextToken=token)


def test_a_token_is_not_good_for_another_project(simulator: Simulator, aws: RekognitionClient) -> None:
    """Nor for another selection of names."""
    _put(simulator, "a", "b")
    token = aws.describe_project_versions(ProjectArn=PROJECT, MaxResults=1)["NextToken"]

    for request in ({"ProjectArn": ADAPTERS}, {"ProjectArn": PROJECT, "VersionNames": ["a"]}):
        with pytest.raises(aws.exceptions.InvalidPaginationTokenException):
            aws.describe_project_versions(NextToken=token, **request)


def test_a_listing_is_no_snapshot(simulator: Simulator, aws: RekognitionClient) -> None:
    """A version that comes between two pages makes another show twice."""
    _put(simulator, "a", "b")
    first = aws.describe_project_versions(ProjectArn=PROJECT, MaxResults=1)
    _put(simulator, "c")
    second = aws.describe_project_versions(ProjectArn=PROJECT, MaxResults=1, NextToken=first["NextToken"])

    assert first["ProjectVersionDescriptions"] == second["ProjectVersionDescriptions"]


def test_a_project_that_is_not_there_is_not_found(simulator: Simulator) -> None:
    """Also one that is in another region."""
    elsewhere = client(simulator, region="eu-west-1")

    with pytest.raises(elsewhere.exceptions.ResourceNotFoundException):
        elsewhere.describe_project_versions(ProjectArn=PROJECT)


def test_projects_are_those_of_custom_labels_unless_features_are_named(aws: RekognitionClient) -> None:
    """AWS's default hides adapters."""
    both = aws.describe_projects(Features=["CUSTOM_LABELS", "CONTENT_MODERATION"])

    assert [[p["ProjectArn"] for p in answer["ProjectDescriptions"]] for answer in (aws.describe_projects(), both)] == [
        [PROJECT],
        [ADAPTERS, PROJECT],
    ]


def test_projects_can_be_asked_for_by_name(aws: RekognitionClient) -> None:
    """One that is not there is left out."""
    answer = aws.describe_projects(ProjectNames=["my-project", "x"])

    assert [project["ProjectArn"] for project in answer["ProjectDescriptions"]] == [PROJECT]


def test_projects_come_in_pages(aws: RekognitionClient) -> None:
    """boto3's own paginator finds all of them."""
    pages = aws.get_paginator("describe_projects").paginate(
        Features=["CUSTOM_LABELS", "CONTENT_MODERATION"], PaginationConfig={"PageSize": 1}
    )

    assert [page["ProjectDescriptions"][0]["ProjectArn"] for page in pages] == [ADAPTERS, PROJECT]


def test_one_server_has_many_accounts_and_regions() -> None:
    """The access key says whose projects are listed, the signature's scope where."""
    play = scenario(
        access_keys={"AKIAOTHER": "444455556666"},
        projects=[
            {"name": "here"},
            {"name": "theirs", "account": "444455556666"},
            {"name": "abroad", "account": "444455556666", "region": "eu-west-1"},
        ],
    )
    callers = [("AKIAOURS", REGION), ("AKIAOTHER", REGION), ("AKIAOTHER", "eu-west-1")]
    with Simulator(play) as simulator:
        clients = [client(simulator, access_key=key, region=region) for key, region in callers]
        answers = [[p["ProjectArn"] for p in aws.describe_projects()["ProjectDescriptions"]] for aws in clients]

    assert answers == [[arn] for arn in play.project_arns]
