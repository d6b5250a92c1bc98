from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from monitor.aws.projects import MOST_PAGES, ProjectSource
from monitor.domain.account import OWN, Place
from monitor.domain.census import Found, ProjectListing
from monitor.domain.fault import Fault, Reason, Scope
from tests.aws.wire import REQUEST_ID, Calls, FarEnd, answer, error, open_sessions
from tests.builders import project_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = Place(account=OWN, account_id="111122223333", region="us-east-1")
BOTH = ("CUSTOM_LABELS", "CONTENT_MODERATION")
A, B = project_arn("a"), project_arn("b")


def page(*entries: Any, token: str | None = None) -> bytes:
    return answer({"ProjectDescriptions": list(entries), "NextToken": token})


def entry(arn: str, **fields: Any) -> dict[str, Any]:
    return {"ProjectArn": arn, "CreationTimestamp": 1690474772.815, "Status": "CREATED", "Datasets": [], **fields}


@contextmanager
def asked(*answers: bytes, calls: Calls | None = None) -> Iterator[tuple[ProjectSource, FarEnd]]:
    with FarEnd(*answers) as far_end, open_sessions(far_end.url, calls) as sessions:
        yield ProjectSource(sessions), far_end


def listed(*answers: bytes) -> ProjectListing | Fault:
    with asked(*answers) as (source, _):
        return source.list_projects(PLACE, BOTH)


def test_every_page_is_asked_for_and_both_features() -> None:
    """AWS's default leaves adapters out; each ARN is listed once."""
    with asked(page(entry(A), token="t1"), page(entry(A, Status="DELETING"), entry(B, Status=None))) as (source, far):
        listing = source.list_projects(PLACE, BOTH)

    assert listing == ProjectListing(
        projects=(Found(A, "DELETING"), Found(B)), request_ids=(REQUEST_ID, REQUEST_ID), account_id="111122223333"
    )
    question = {"Features": list(BOTH), "MaxResults": 100}
    assert [question, {**question, "NextToken": "t1"}] == [request.body for request in far.requests]


def test_an_entry_that_is_no_project_of_the_place_is_told() -> None:
    """And left out: a wrong answer must not make us poll another account."""
    elsewhere = project_arn("c", region="eu-west-1")
    listing = listed(page(None, entry(A), {"Status": "CREATED"}, entry("arn:nonsense"), entry(elsewhere)))

    assert isinstance(listing, ProjectListing)
    assert (Found(A, "CREATED"),) == listing.projects
    assert (
        "entry 1: has no ProjectArn",
        "entry 3: has no ProjectArn",
        "entry 4: 'arn:nonsense' is not the ARN of a Rekognition project",
        f"entry 5: {elsewhere} is of another account or region",
    ) == listing.malformed


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "the body is empty"),
        (b"<html>", "the body is not JSON"),
        (b"{}", "ProjectDescriptions is missing or null, not a list"),
        (b'{"ProjectDescriptions": "a"}', "ProjectDescriptions is a text, not a list"),
    ],
)
def test_an_answer_that_is_none_is_a_fault(body: bytes, told: str) -> None:
    """And never "no projects"."""
    fault = listed(answer(body))
    assert isinstance(fault, Fault)
    assert (Reason.RESPONSE_MALFORMED, True) == (fault.reason, told in fault.message)


def test_a_page_that_fails_discards_the_listing() -> None:
    """With what may be missing, said for this operation."""
    denied = listed(page(entry(A), token="t1"), error("AccessDeniedException"))
    assert isinstance(denied, Fault)
    assert (Reason.ACCESS_DENIED, True) == (denied.reason, "rekognition:DescribeProjects" in denied.hint)


def test_a_token_that_is_refused_begins_the_listing_again() -> None:
    """Twice at most."""
    refused = error("InvalidPaginationTokenException")
    assert isinstance(listed(page(entry(A), token="t1"), refused, page(entry(B))), ProjectListing)
    fault = listed(refused)
    assert isinstance(fault, Fault)
    assert Reason.PAGINATION_TOKEN_INVALID == fault.reason


def test_a_listing_without_an_end_is_given_up() -> None:
    """When a token comes again, or after very many pages."""
    again = listed(page(entry(A), token="t1"))
    many = listed(*(page(token=f"t{number}") for number in range(MOST_PAGES)))
    assert isinstance(again, Fault)
    assert isinstance(many, Fault)
    assert ("the token of page 2 was given before", f"there are more than {MOST_PAGES} pages") == (
        again.message,
        many.message,
    )


def test_credentials_that_are_refused_are_the_place_s_fault() -> None:
    """One root cause for discovery and polls there."""
    fault = listed(error("UnrecognizedClientException"))
    assert isinstance(fault, Fault)
    assert (Reason.CREDENTIALS_REFUSED, Scope.ENDPOINT) == (fault.reason, fault.scope)


def test_tags_of_a_project() -> None:
    """By its ARN; the calls are counted under their own name."""
    calls = Calls()
    with asked(answer({"Tags": {"team": "vision", "odd": None}}), calls=calls) as (source, far):
        assert {"team": "vision"} == source.list_tags(PLACE, A)
    assert [{"ResourceArn": A}] == [request.body for request in far.requests]
    assert [("111122223333", "us-east-1", "ListTagsForResource")] == calls.attempts


@pytest.mark.parametrize("body", [b"", b"{}", b'{"Tags": []}'])
def test_tags_that_are_none_are_a_fault(body: bytes) -> None:
    """And never "no tags"."""
    with asked(answer(body)) as (source, _):
        fault = source.list_tags(PLACE, A)
    assert isinstance(fault, Fault)
    assert Reason.RESPONSE_MALFORMED == fault.reason
