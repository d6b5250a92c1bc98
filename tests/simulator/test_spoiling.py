"""What each fault is on the wire, and what the real client makes of it."""

from __future__ import annotations

from http.client import IncompleteRead, RemoteDisconnected
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, PaginationError, ReadTimeoutError

from monitor.simulator import Simulator
from tests.service.rig import wait_until
from tests.simulator.rig import PROJECT, Clock, client, connection, headers, post, scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIST = "ProjectVersionDescriptions"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(scenario(), clock=Clock()) as running:
        for name in "ab":
            running.world.put_version(PROJECT, name, status="RUNNING")
        yield running


def _answer(simulator: Simulator, **request: Any) -> Any:
    return post(simulator, "DescribeProjectVersions", {"ProjectArn": PROJECT, **request})


def _made(simulator: Simulator) -> tuple[str | None, str | None, bool, int]:
    """The last record's fault, code, completeness, and how many versions were served."""
    last = simulator.served[-1]
    return last.fault, last.code, last.complete, len(last.versions)


def test_an_error_is_what_aws_sends(simulator: Simulator) -> None:
    """Its usual HTTP status and text, in the form of AWS's recorded error."""
    simulator.faults.add("error", code="InternalServerError")
    answer = _answer(simulator)
    document = answer.document

    assert (answer.status, answer.headers["content-type"], len(answer.headers["x-amzn-requestid"])) == (
        500,
        "application/x-amz-json-1.1",
        36,
    )
    assert list(document) == ["__type", "Code", "Logref", "Message"]
    assert (document["__type"], document["Code"], document["Message"]) == (
        "InternalServerError",
        "InternalServerError",
        "Amazon Rekognition experienced a service issue. Try your call again.",
    )
    assert _made(simulator) == ("error", "InternalServerError", False, 0)


def test_an_error_can_be_any(simulator: Simulator) -> None:
    """With a status and a text of its own."""
    simulator.faults.add("error", code="TeapotException", status=418, message="Short and stout")

    with pytest.raises(ClientError) as raised:
        client(simulator).describe_project_versions(ProjectArn=PROJECT)

    response = raised.value.response
    assert (
        response["Error"]["Code"],
        response["Error"]["Message"],
        response["ResponseMetadata"]["HTTPStatusCode"],
    ) == (
        "TeapotException",
        "Short and stout",
        418,
    )


def test_a_reset_is_one(simulator: Simulator) -> None:
    """Not an orderly end: the peer says that the connection was reset."""
    simulator.faults.add("reset")
    with pytest.raises(ConnectionResetError) as raised:
        _answer(simulator)
    with pytest.raises(ConnectionClosedError):
        client(simulator).describe_project_versions(ProjectArn=PROJECT)

    assert (isinstance(raised.value, RemoteDisconnected), _made(simulator)) == (False, ("reset", None, False, 0))


def test_a_hang_gives_no_answer(simulator: Simulator) -> None:
    """The client's own time-out ends it."""
    simulator.faults.add("hang")

    with pytest.raises(ReadTimeoutError):
        client(simulator, timeout=0.1).describe_project_versions(ProjectArn=PROJECT)

    wait_until(lambda: bool(simulator.served))
    assert _made(simulator) == ("hang", None, False, 0)


def test_a_hang_can_end(simulator: Simulator) -> None:
    """With the connection closed, and nothing said."""
    simulator.faults.add("hang", delay="10ms")

    with pytest.raises(RemoteDisconnected):
        _answer(simulator)


def test_a_latency_delays_the_right_answer(simulator: Simulator) -> None:
    """It is complete all the same."""
    simulator.faults.add("latency", delay="10ms")

    assert (len(_answer(simulator).document[_LIST]), _made(simulator)) == (2, ("latency", None, True, 2))


def test_a_truncated_body_is_shorter_than_it_says(simulator: Simulator) -> None:
    """http.client notices; botocore takes it for an empty answer."""
    simulator.faults.add("truncated")
    with pytest.raises(IncompleteRead):
        _answer(simulator)
    listing = client(simulator).describe_project_versions(ProjectArn=PROJECT)

    assert (listing.get(_LIST), _made(simulator)) == (None, ("truncated", None, False, 0))


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "body"),
    [
        ("empty", 200, "application/x-amz-json-1.1", b""),
        ("no_content", 204, None, b""),
        ("wrong_json", 200, "application/x-amz-json-1.1", b"[1]"),
        ("missing_list", 200, "application/x-amz-json-1.1", b'{"NextToken":""}'),
        ("null_list", 200, "application/x-amz-json-1.1", b'{"ProjectVersionDescriptions":null,"NextToken":""}'),
        ("string_list", 200, "application/x-amz-json-1.1", b'{"ProjectVersionDescriptions":"none","NextToken":""}'),
    ],
)
def test_a_body_can_be_without_its_list(
    simulator: Simulator, kind: str, status: int, content_type: str | None, body: bytes
) -> None:
    """In each of these ways."""
    simulator.faults.add(kind)
    answer = _answer(simulator)

    assert (answer.status, answer.headers.get("content-type"), answer.body) == (status, content_type, body)
    assert _made(simulator) == (kind, None, False, 0)


@pytest.mark.parametrize("status", [200, 302, 403])
def test_a_page_of_html_can_answer(simulator: Simulator, status: int) -> None:
    """A captive portal, a proxy's refusal."""
    simulator.faults.add("html", status=status)
    answer = _answer(simulator)

    assert (answer.status, answer.headers["content-type"], answer.body[:15]) == (
        status,
        "text/html; charset=utf-8",
        b"<!DOCTYPE html>",
    )


def test_a_body_can_break_off_within_its_length(simulator: Simulator) -> None:
    """The connection is in order, the JSON is not."""
    whole = _answer(simulator).body
    simulator.faults.add("not_json")

    assert (_answer(simulator).body, _made(simulator)) == (whole[: len(whole) // 2], ("not_json", None, False, 0))


@pytest.mark.parametrize("kind", ["null_item", "missing_arn", "bad_timestamp"])
def test_one_version_can_make_no_sense(simulator: Simulator, kind: str) -> None:
    """The other one is as it should be."""
    first, second = _answer(simulator).document[_LIST]
    simulator.faults.add(kind)
    odd, same = _answer(simulator).document[_LIST]
    without_arn = {key: value for key, value in first.items() if key != "ProjectVersionArn"}
    expected = {
        "null_item": None,
        "missing_arn": without_arn,
        "bad_timestamp": {**first, "CreationTimestamp": "yesterday"},
    }

    assert (odd, same) == (expected[kind], second)
    assert _made(simulator) == (kind, None, False, 2 if kind == "bad_timestamp" else 1)


def test_a_token_can_come_again(simulator: Simulator) -> None:
    """boto3's paginator notices that it goes round in a circle."""
    simulator.faults.add("repeated_token", page=2)
    pages = client(simulator).get_paginator("describe_project_versions")

    with pytest.raises(PaginationError):
        list(pages.paginate(ProjectArn=PROJECT, PaginationConfig={"PageSize": 1}))


def test_a_token_can_expire_on_a_given_page(simulator: Simulator) -> None:
    """The first page is all right."""
    simulator.faults.add("expired_token", page=2)
    aws = client(simulator)
    token = aws.describe_project_versions(ProjectArn=PROJECT, MaxResults=1)["NextToken"]

    with pytest.raises(aws.exceptions.InvalidPaginationTokenException):
        aws.describe_project_versions(ProjectArn=PROJECT, MaxResults=1, NextToken=token)


def test_a_fault_that_finds_nothing_to_spoil_was_not_made(simulator: Simulator) -> None:
    """A listing of one page has no token to repeat, and its answer is as good as any."""
    simulator.faults.add("repeated_token")
    _answer(simulator)

    assert _made(simulator) == (None, None, True, 2)


def test_after_a_fault_the_connection_serves_on(simulator: Simulator) -> None:
    """Faults of the body leave it open; the next answer is right."""
    simulator.faults.add("html", count=1)
    link = connection(simulator)
    bodies = []
    for _ in range(2):
        link.request("POST", "/", f'{{"ProjectArn": "{PROJECT}"}}', headers("DescribeProjectVersions"))
        bodies.append(link.getresponse().read()[:10])
    link.close()

    assert bodies == [b"<!DOCTYPE ", b'{"ProjectV']
