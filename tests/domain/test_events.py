from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from monitor.domain.document import version_from_document
from monitor.domain.events import (
    Event,
    EventType,
    Window,
    appeared,
    disappeared,
    event_id,
    move_severity,
    project_document,
    status_changed,
    status_severity,
    updated,
    version_document,
)
from monitor.domain.lifecycle import Move, MoveKind, classify
from monitor.domain.severity import Severity
from monitor.domain.status import (
    DELETING,
    DEPRECATED,
    EXPIRED,
    FAILED,
    KNOWN,
    RUNNING,
    STARTING,
    STOPPED,
    TRAINING_FAILED,
    Status,
)
from tests.builders import PROJECT_ARN, at, project, project_arn, tracked, version, version_arn

REFINING = Status("REFINING")
WINDOW = Window(after=at(-5), by=at())
PROJECT = project(labels={"team": "vision"})
CONSOLE = "https://us-east-1.console.aws.amazon.com/rekognition/custom-labels?region=us-east-1#/projects"


def document(**differing: Any) -> dict[str, Any]:
    """The CloudEvent of an appearance of v1, STOPPED, but for what is *differing* (`data__x` goes into the data)."""
    data = {
        "summary": "getting-started / v1: appeared, STOPPED",
        "account_id": "111122223333",
        "region": "us-east-1",
        "project": {"arn": PROJECT_ARN, "name": "getting-started", "labels": {"team": "vision"}},
        "version": {
            "arn": version_arn(),
            "name": "v1",
            "status": "STOPPED",
            "status_since": "2026-11-21T18:00:00Z",
            "status_since_at_least": False,
        },
        "observed_after": "2026-11-21T17:55:00Z",
        "observed_by": "2026-11-21T18:00:00Z",
        "console_url": CONSOLE,
    }
    whole: dict[str, Any] = {
        "specversion": "1.0",
        "id": "",
        "source": PROJECT_ARN,
        "type": "rekognition.project_version.appeared",
        "subject": version_arn(),
        "time": "2026-11-21T18:00:00Z",
        "datacontenttype": "application/json",
        "severity": "info",
        "sequence": "1",
        "data": data,
    }
    data |= {key.removeprefix("data__"): value for key, value in differing.items() if key.startswith("data__")}
    return whole | {key: value for key, value in differing.items() if not key.startswith("data__")}


def test_an_appearance_as_a_whole() -> None:
    """The event of a version that is new, as it is stored and sent, and what stands beside it."""
    event = appeared(PROJECT, tracked(sequence=1), WINDOW)

    assert event == Event(
        id="0c8f410e-adb2-51f3-a520-5d2d2b652f21",
        type=EventType.VERSION_APPEARED,
        severity=Severity.INFO,
        source=PROJECT_ARN,
        subject=version_arn(),
        project_name="getting-started",
        status=STOPPED,
        move=None,
        time=at(),
        sequence=1,
        document=document(id="0c8f410e-adb2-51f3-a520-5d2d2b652f21"),
    )


def test_a_change_of_status_as_a_whole() -> None:
    """The event says from where to where, what was skipped, and what else changed in the same poll."""
    new = tracked(version(status=RUNNING, status_message="up", min_inference_units=1), since=at(), sequence=42)
    changed = {"min_inference_units": [None, 1], "status_message": [None, "up"]}

    event = status_changed(PROJECT, new, WINDOW, classify(STOPPED, RUNNING), changed)

    assert event == Event(
        id="612a4515-e6ec-5bd4-b36b-abd9f16d43e3",
        type=EventType.VERSION_STATUS_CHANGED,
        severity=Severity.INFO,
        source=PROJECT_ARN,
        subject=version_arn(),
        project_name="getting-started",
        status=RUNNING,
        move=Move(STOPPED, RUNNING, MoveKind.SKIPPED, (STARTING,)),
        time=at(),
        sequence=42,
        document=document(
            id="612a4515-e6ec-5bd4-b36b-abd9f16d43e3",
            type="rekognition.project_version.status_changed",
            sequence="42",
            data__summary="getting-started / v1: STOPPED -> RUNNING",
            data__version={
                "arn": version_arn(),
                "name": "v1",
                "status": "RUNNING",
                "status_message": "up",
                "min_inference_units": 1,
                "status_since": "2026-11-21T18:00:00Z",
                "status_since_at_least": False,
            },
            data__from="STOPPED",
            data__to="RUNNING",
            data__move="skipped",
            data__via=["STARTING"],
            data__changed=changed,
        ),
    )


def test_an_update_as_a_whole() -> None:
    """The event names the fields that changed, with the old and the new value of each."""
    new = tracked(version(max_inference_units=2, version_description="d"), since=at(-60), at_least=True, sequence=3)
    changed = {"version_description": [None, "d"], "max_inference_units": [1, 2]}

    event = updated(PROJECT, new, WINDOW, changed)

    assert event == Event(
        id="e53888a7-d19a-5aa4-a52c-7c8a1f2b57ac",
        type=EventType.VERSION_UPDATED,
        severity=Severity.INFO,
        source=PROJECT_ARN,
        subject=version_arn(),
        project_name="getting-started",
        status=STOPPED,
        move=None,
        time=at(),
        sequence=3,
        document=document(
            id="e53888a7-d19a-5aa4-a52c-7c8a1f2b57ac",
            type="rekognition.project_version.updated",
            sequence="3",
            data__summary="getting-started / v1: changed max_inference_units, version_description",
            data__version={
                "arn": version_arn(),
                "name": "v1",
                "status": "STOPPED",
                "max_inference_units": 2,
                "version_description": "d",
                "status_since": "2026-11-21T17:00:00Z",
                "status_since_at_least": True,
            },
            data__changed=changed,
        ),
    )


def test_a_disappearance_as_a_whole() -> None:
    """The event carries what was last known of the version that is gone."""
    event = disappeared(PROJECT, tracked(version(status=DELETING), since=at(-10), sequence=9), WINDOW)

    assert event == Event(
        id="951533ba-b163-5a5d-98d4-d5bba27b118c",
        type=EventType.VERSION_DISAPPEARED,
        severity=Severity.INFO,
        source=PROJECT_ARN,
        subject=version_arn(),
        project_name="getting-started",
        status=DELETING,
        move=None,
        time=at(),
        sequence=9,
        document=document(
            id="951533ba-b163-5a5d-98d4-d5bba27b118c",
            type="rekognition.project_version.disappeared",
            sequence="9",
            data__summary="getting-started / v1: disappeared, last DELETING",
            data__version={
                "arn": version_arn(),
                "name": "v1",
                "status": "DELETING",
                "status_since": "2026-11-21T17:50:00Z",
                "status_since_at_least": False,
            },
        ),
    )


def test_an_event_of_a_partition_without_a_known_console_has_no_link() -> None:
    """The key is there, so that a reader need not ask for it, and says that there is none."""
    china = project(project_arn(partition="aws-cn", region="cn-north-1"))

    assert appeared(china, tracked(sequence=1), WINDOW).document["data"]["console_url"] is None


def test_an_event_gives_the_version_again() -> None:
    """What an event carries of a version is all that is known of it, also after it went as JSON."""
    whole = version(status=RUNNING, f1_score=0.9, training_end_timestamp=at(-90), extra={"NewField": [1]})
    sent = json.loads(json.dumps(appeared(PROJECT, tracked(whole, sequence=1), WINDOW).document))

    assert version_from_document(sent["data"]["version"]) == whole


def test_an_id_is_made_of_subject_type_and_sequence_alone() -> None:
    """The same fact has the same id wherever it is made; another subject, type or count has another."""
    known = event_id(version_arn(), EventType.VERSION_UPDATED, 1)
    others = {
        event_id(version_arn("v2"), EventType.VERSION_UPDATED, 1),
        event_id(version_arn(), EventType.VERSION_APPEARED, 1),
        event_id(version_arn(), EventType.VERSION_UPDATED, 2),
        event_id(version_arn(), EventType.VERSION_UPDATED, 11),
    }

    assert known == "49651ec1-0327-5e55-bf3f-c50f5aaeb266"
    assert len(others - {known}) == 4


@pytest.mark.parametrize(
    ("status", "severity"),
    [
        *(
            (status, Severity.INFO)
            for status in KNOWN.values()
            if status.word not in {"FAILED", "EXPIRED", "TRAINING_FAILED", "COPYING_FAILED", "DEPRECATED"}
        ),
        (FAILED, Severity.CRITICAL),
        (EXPIRED, Severity.CRITICAL),
        (TRAINING_FAILED, Severity.ERROR),
        (KNOWN["COPYING_FAILED"], Severity.ERROR),
        (DEPRECATED, Severity.WARNING),
        (REFINING, Severity.INFO),
    ],
    ids=str,
)
def test_how_much_a_status_matters(status: Status, severity: Severity) -> None:
    """The statuses that something is wrong with stand out."""
    assert status_severity(status) is severity


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        (STARTING, RUNNING, Severity.INFO),
        (STOPPED, RUNNING, Severity.INFO),
        (RUNNING, FAILED, Severity.CRITICAL),
        (DELETING, FAILED, Severity.CRITICAL),
        (RUNNING, STOPPED, Severity.INFO),
        (DELETING, RUNNING, Severity.WARNING),
        (RUNNING, REFINING, Severity.WARNING),
        (REFINING, RUNNING, Severity.WARNING),
        (RUNNING, DEPRECATED, Severity.WARNING),
        (STOPPED, TRAINING_FAILED, Severity.ERROR),
    ],
    ids=str,
)
def test_how_much_a_move_matters(before: Status, after: Status, severity: Severity) -> None:
    """The status moved to counts, and a move that could not be expected is a warning at least."""
    assert move_severity(classify(before, after)) is severity


@pytest.mark.parametrize(
    ("status", "severity"),
    [
        (STARTING, Severity.INFO),
        (EXPIRED, Severity.CRITICAL),
        (DEPRECATED, Severity.WARNING),
        (REFINING, Severity.WARNING),
    ],
    ids=str,
)
def test_how_much_an_appearance_matters(status: Status, severity: Severity) -> None:
    """A version that appears in a bad or an unknown status matters as much as one that moved to it."""
    assert appeared(PROJECT, tracked(version(status=status)), WINDOW).severity is severity


@pytest.mark.parametrize("status", KNOWN.values(), ids=str)
def test_only_what_was_running_is_missed(status: Status) -> None:
    """A version that is gone while RUNNING is critical; any other was not in use."""
    severity = disappeared(PROJECT, tracked(version(status=status)), WINDOW).severity

    assert severity is (Severity.CRITICAL if status == RUNNING else Severity.INFO)


def test_a_project_s_labels_are_copied() -> None:
    """An event does not change when the configuration does."""
    labels = {"team": "vision"}
    told = project_document(replace(PROJECT, labels=labels))
    labels["team"] = "speech"

    assert told == {"arn": PROJECT_ARN, "name": "getting-started", "labels": {"team": "vision"}}


def test_a_version_is_told_with_its_since() -> None:
    """Since when the status lasts, and whether it may have lasted longer, stand beside AWS's own fields."""
    assert version_document(tracked(version(feature="CUSTOM_LABELS"), since=at(-1), at_least=True)) == {
        "arn": version_arn(),
        "name": "v1",
        "status": "STOPPED",
        "feature": "CUSTOM_LABELS",
        "status_since": "2026-11-21T17:59:00Z",
        "status_since_at_least": True,
    }
