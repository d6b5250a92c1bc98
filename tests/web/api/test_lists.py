from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from monitor.domain.events import version_document
from monitor.domain.fault import Reason
from monitor.view import ProjectState
from tests.builders import PROJECT_ARN, T0, at, fault, project, snapshot, tracked, version, version_arn
from tests.web.api.house import ABROAD, FAR
from tests.web.serving import client_of

if TYPE_CHECKING:
    from tests.web.api.house import House

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
        ],
        "next": None,
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


def test_versions_of_two_projects_are_all_there() -> None:
    """Every project's versions are in the answer."""
    other = PROJECT_ARN.replace("getting-started", "other")
    there = tracked(version(arn=version_arn(of=other)))
    with client_of(STATE, ProjectState(project=project(other), snapshot=snapshot(there, arn=other))) as client:
        versions = client.get("/api/v1/versions").json()["versions"]
    assert ["getting-started", "other"] == [each["project"]["name"] for each in versions]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["abroad", "getting-started"]),
        ({"project": "get*"}, ["getting-started"]),
        ({"project": ["x", "*/abroad/*"]}, ["abroad"]),
        ({"account": "999988887777"}, ["abroad"]),
        ({"region": ["us-east-1", "eu-west-1"]}, ["abroad", "getting-started"]),
        ({"region": "us-east-1", "account": "999988887777"}, []),
        ({"label": "team=vision"}, ["getting-started"]),
        ({"label": ["team=vision", "stage=prod"]}, []),
        ({"label": "team="}, []),
    ],
)
def test_projects_are_chosen(house: House, query: dict[str, Any], names: list[str]) -> None:
    """Of several values of one parameter one has to fit, of the labels each, of the parameters each."""
    assert names == sorted(project["name"] for project in house.get("projects", **query)["projects"])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["far", "v2"]),
        ({"version": "v*"}, ["v2"]),
        ({"version": ["far", "v2"]}, ["far", "v2"]),
        ({"version": "*/version/v2/*"}, ["v2"]),
        ({"status": "RUNNING"}, ["far"]),
        ({"status": ["RUNNING", "TRAINING_FAILED"], "region": "us-east-1"}, ["v2"]),
        ({"status": "running"}, []),
        ({"project": "abroad"}, ["far"]),
        ({"limit": 1}, ["far"]),
    ],
)
def test_versions_are_chosen(house: House, query: dict[str, Any], names: list[str]) -> None:
    """By their project, name and status."""
    assert names == sorted(each["version"]["name"] for each in house.get("versions", **query)["versions"])


def test_versions_come_in_pages(house: House) -> None:
    """In the order of their ARNs; the end is said."""
    first = house.get("versions", limit=1)
    last = house.get("versions", limit=1, after=first["next"])
    assert (["far"], FAR, ["v2"], None) == (
        [each["version"]["name"] for each in first["versions"]],
        first["next"],
        [each["version"]["name"] for each in last["versions"]],
        last["next"],
    )


def test_faults_are_the_projects_whose_polls_fail_now(house: House) -> None:
    """With what is wrong, since when, and what to do; the others are left out."""
    assert {
        "faults": [
            {
                "account_id": "999988887777",
                "region": "eu-west-1",
                "project": {"arn": ABROAD, "name": "abroad", "labels": {}},
                "fault": {
                    "reason": "access_denied",
                    "message": "no answer in 20 s",
                    "hint": "Check the network.",
                    "code": "AccessDeniedException",
                    "request_id": None,
                },
                "failing_since": "2026-11-21T18:50:00Z",
                "failed_in_a_row": 2,
                "last_success": "2026-11-21T18:45:00Z",
                "interval_seconds": 300.0,
            }
        ]
    } == house.get("faults")


def test_faults_are_chosen_as_projects_are(house: House) -> None:
    """By the same parameters."""
    assert {"faults": []} == house.get("faults", project="getting-started")


def test_sinks_stand_as_their_deliveries_do(house: House) -> None:
    """One that is configured no longer is told about, too, while something of it is left."""
    assert {
        "sinks": [
            {
                "name": "log",
                "type": None,
                "state": "removed",
                "pending": 5,
                "oldest": "2026-11-21T18:10:00Z",
                "dead": 0,
                "last_success": "2026-11-21T18:46:00Z",
                "last_error": "503",
            }
        ]
    } == house.get("sinks")
