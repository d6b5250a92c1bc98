from __future__ import annotations

from typing import Any

import orjson
import pytest

from monitor.domain.delivery import Message
from monitor.domain.events import EventType
from monitor.domain.severity import Severity
from monitor.web.pages.moments import moment
from monitor.web.pages.rows import StatusMark
from monitor.web.pages.tellings import Telling, tell
from tests.builders import PROJECT_ARN, T0, at, version_arn

ARN = version_arn()
MOVE: dict[str, Any] = {"from": "STOPPED", "to": "RUNNING", "move": "skipped", "via": ["STARTING"]}


def event(kind: EventType, subject: str = ARN, **data: Any) -> Message:
    """A stored event with that data."""
    return Message(
        position=7,
        id="id-7",
        type=kind,
        severity=Severity.WARNING,
        source=PROJECT_ARN,
        subject=subject,
        time=T0,
        document=orjson.dumps({"data": data}),
    )


def test_change_of_status_is_told_whole() -> None:
    """An event says what it is about, from what to what, what was skipped, and when that was seen."""
    told = event(
        EventType.VERSION_STATUS_CHANGED,
        summary="getting-started / v1: STOPPED -> RUNNING",
        project={"name": "getting-started"},
        version={"name": "v1", "status": "RUNNING", "status_message": "The model is hosted."},
        **MOVE,
        observed_after="2026-11-21T17:59:00Z",
        observed_by="2026-11-21T18:00:00Z",
    )
    assert Telling(
        key="e7",
        position=7,
        id="id-7",
        time=moment(T0, at(10)),
        kind="status changed",
        severity="warning",
        tone="odd",
        summary="getting-started / v1: STOPPED -> RUNNING",
        name="v1",
        project="getting-started",
        link=f"version?arn={ARN.replace('/', '%2F')}",
        before=StatusMark(word="STOPPED", tone="idle"),
        after=StatusMark(word="RUNNING", tone="running"),
        note="skipped STARTING",
        message="The model is hosted.",
        observed_after=moment(at(-1), at(10)),
        observed_by=moment(T0, at(10)),
    ) == tell(told, at(10))


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        (EventType.VERSION_UPDATED, {"changed": {"b": [1, 2], "a": [1, 2]}}, "changed a, b"),
        (EventType.VERSION_STATUS_CHANGED, {"move": "unexpected", "via": []}, "unexpected"),
        (EventType.VERSION_STATUS_CHANGED, {"move": "direct", "via": []}, ""),
        (EventType.VERSION_APPEARED, {"version": "what is this", "observed_by": 3}, ""),
    ],
)
def test_note_says_what_is_odd(kind: EventType, data: dict[str, Any], expected: str) -> None:
    """Fields that changed and moves that are odd are noted; a document that makes no sense loses only that."""
    assert expected == tell(event(kind, **data), T0).note


def test_fault_of_a_place_has_no_page() -> None:
    """An event about no version has no link."""
    told = tell(event(EventType.PROJECT_UNREACHABLE, PROJECT_ARN, project={"name": "getting-started"}), T0)
    assert ("getting-started", "", None, None) == (told.name, told.link, told.before, told.after)
