from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest

from monitor.domain.events import version_document
from monitor.domain.fault import Reason
from monitor.view import ProjectState
from tests.builders import PROJECT_ARN, T0, at, fault, project, snapshot, tracked, version, version_arn
from tests.web.serving import client_of, message

RUNNING = tracked(version(status="RUNNING", extra={"NewField": [1]}), at_least=True)
HIDDEN = tracked(version("scratch-1"))
STATE = ProjectState(
    project=project(labels={"team": "vision"}, patterns=("v*",)),
    snapshot=snapshot(RUNNING, HIDDEN),
    fault=fault(Reason.ACCESS_DENIED, code="AccessDeniedException", request_id="r-1"),
    failing_since=at(1),
    last_success=T0,
    interval=timedelta(seconds=30),
    polls=3,
    failures={Reason.ACCESS_DENIED: 2},
    malformed=1,
)


def test_projects_say_how_their_polls_go() -> None:
    """A project is told with its place, its labels, its counts and its fault."""
    with client_of(STATE) as client:
        answer = client.get("/api/v1/projects")
    assert {
        "projects": [
            {
                "arn": PROJECT_ARN,
                "name": "getting-started",
                "labels": {"team": "vision"},
                "account_id": "111122223333",
                "region": "us-east-1",
                "console_url": "https://us-east-1.console.aws.amazon.com/rekognition/custom-labels"
                "?region=us-east-1#/projects",
                "statuses": {"RUNNING": 1},
                "seen_at": "2026-11-21T18:00:00Z",
                "last_success": "2026-11-21T18:00:00Z",
                "fault": {
                    "reason": "access_denied",
                    "message": "no answer in 20 s",
                    "hint": "Check the network.",
                    "code": "AccessDeniedException",
                    "request_id": "r-1",
                },
                "failing_since": "2026-11-21T18:01:00Z",
                "interval_seconds": 30.0,
                "polls": 3,
                "failures": {"access_denied": 2},
                "malformed_versions": 1,
            }
        ]
    } == answer.json()


def test_project_that_was_not_polled_has_nulls() -> None:
    """What is not known yet is null."""
    with client_of(ProjectState(project=project())) as client:
        told = client.get("/api/v1/projects").json()["projects"][0]
    unknown = ("statuses", "seen_at", "last_success", "fault", "failing_since", "interval_seconds")
    assert dict.fromkeys(unknown) == {name: told[name] for name in unknown}


def test_versions_are_in_the_events_words() -> None:
    """A watched version is told as events tell it, with its place; what the patterns leave out is not."""
    with client_of(STATE, ProjectState(project=project(PROJECT_ARN + "9"))) as client:
        answer = client.get("/api/v1/versions")
    assert {
        "versions": [
            {
                "account_id": "111122223333",
                "region": "us-east-1",
                "project": {"arn": PROJECT_ARN, "name": "getting-started", "labels": {"team": "vision"}},
                "version": version_document(RUNNING),
            }
        ]
    } == answer.json()


def test_what_only_the_standard_library_writes_is_written() -> None:
    """A number beyond 64 bits and half of a surrogate pair come through; what is not finite is null."""
    odd = {"Big": 2**70, "Half": "\ud83d", "Infinite": float("inf")}
    with client_of(ProjectState(project=project(), snapshot=snapshot(tracked(version(extra=odd))))) as client:
        told = client.get("/api/v1/versions").json()["versions"][0]["version"]["extra"]
    assert {"Big": 2**70, "Half": "\ud83d", "Infinite": None} == told


def test_what_cannot_be_changed_is_written() -> None:
    """A mapping that only can be read is an object like any other."""
    sealed = MappingProxyType({"NewField": MappingProxyType({"Inner": 1})})
    with client_of(ProjectState(project=project(), snapshot=snapshot(tracked(version(extra=sealed))))) as client:
        told = client.get("/api/v1/versions").json()["versions"][0]["version"]["extra"]
    assert {"NewField": {"Inner": 1}} == told


def test_events_come_as_they_were_stored_with_where_to_go_on() -> None:
    """The parameters are passed on, the documents are the stored ones, and `next` is the last position."""
    asked: list[tuple[int, int]] = []

    def events(after: int, limit: int) -> list[Any]:
        asked.append((after, limit))
        return [message(8), message(9)]

    with client_of(events=events) as client:
        answer = client.get("/api/v1/events", params={"after": 7, "limit": 2})
    summary = "v1: STARTING -> RUNNING"
    assert (
        [(7, 2)],
        {"events": [{"id": f"id-{each}", "data": {"summary": summary}} for each in (8, 9)], "next": 9},
        "no-store",
    ) == (asked, answer.json(), answer.headers["cache-control"])


def test_no_more_events_go_on_where_they_were() -> None:
    """At the end `next` stays what was asked for."""
    with client_of() as client:
        assert {"events": [], "next": 7} == client.get("/api/v1/events?after=7").json()


def test_events_from_the_beginning() -> None:
    """Without parameters the first hundred are asked for."""
    asked: list[tuple[int, int]] = []

    def events(after: int, limit: int) -> list[Any]:
        asked.append((after, limit))
        return []

    with client_of(events=events) as client:
        client.get("/api/v1/events")
    assert [(0, 100)] == asked


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("after=-1", "after is '-1': it has to be a whole number from 0 to 9223372036854775807"),
        (
            "after=9223372036854775808",
            "after is '9223372036854775808': it has to be a whole number from 0 to 9223372036854775807",
        ),
        ("limit=0", "limit is '0': it has to be a whole number from 1 to 1000"),
        ("limit=1001", "limit is '1001': it has to be a whole number from 1 to 1000"),
        ("limit=ten", "limit is 'ten': it has to be a whole number from 1 to 1000"),
        ("limit=", "limit is '': it has to be a whole number from 1 to 1000"),
        ("limit=%D9%A3", "limit is '٣': it has to be a whole number from 1 to 1000"),
    ],
)
def test_wrong_parameter_is_a_problem(query: str, detail: str) -> None:
    """A parameter that makes no sense is 400 with a problem document (RFC 9457)."""
    with client_of() as client:
        answer = client.get(f"/api/v1/events?{query}")
    assert (
        {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": detail},
        "application/problem+json",
    ) == (answer.json(), answer.headers["content-type"])


def test_versions_of_two_projects_are_all_there() -> None:
    """Every project's versions are in the answer."""
    other = PROJECT_ARN.replace("getting-started", "other")
    there = tracked(version(arn=version_arn(of=other)))
    with client_of(STATE, ProjectState(project=project(other), snapshot=snapshot(there, arn=other))) as client:
        versions = client.get("/api/v1/versions").json()["versions"]
    assert ["getting-started", "other"] == [each["project"]["name"] for each in versions]
