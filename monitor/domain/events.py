"""Events: facts worth telling, each with an id that is the same however often it is made or sent.

An event is a CloudEvent 1.0: `document` is what is stored and sent. What routing and counting need stands beside it as
our own types.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from monitor.domain.console import console_url
from monitor.domain.document import format_time, to_document, to_json
from monitor.domain.lifecycle import Move, MoveKind
from monitor.domain.severity import Severity
from monitor.domain.status import (
    COPYING_FAILED,
    DEPRECATED,
    EXPIRED,
    FAILED,
    RUNNING,
    TRAINING_FAILED,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.domain.project import Project
    from monitor.domain.snapshot import Tracked


class EventType(StrEnum):
    """What kind of fact; the CloudEvent's `type`."""

    VERSION_APPEARED = "rekognition.project_version.appeared"
    VERSION_STATUS_CHANGED = "rekognition.project_version.status_changed"
    VERSION_UPDATED = "rekognition.project_version.updated"
    VERSION_DISAPPEARED = "rekognition.project_version.disappeared"
    PROJECT_APPEARED = "rekognition.project.appeared"
    PROJECT_DISAPPEARED = "rekognition.project.disappeared"
    PROJECT_UNREACHABLE = "rekognition.project.unreachable"
    PROJECT_RECOVERED = "rekognition.project.recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact.

    Attributes:
        source: The project's ARN, or the account and region where a fault is theirs.
        subject: What it is about: the version's ARN, or the source again.
        project_name: None where the fact is about a whole account and region.
        status: The status that the version has now, or had last; None where it is about no version.
        move: Of a change of status.
        sequence: The subject's own count of its events.
        document: The CloudEvent, ready for JSON.
    """

    id: str
    type: EventType
    severity: Severity
    source: str
    subject: str
    project_name: str | None
    status: Status | None
    move: Move | None
    time: datetime
    sequence: int
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a fact came to be: after the last poll that saw the old state, by the first that saw the new one."""

    after: datetime
    by: datetime

    def document(self) -> dict[str, Any]:
        """The two members of an event's data."""
        return {"observed_after": format_time(self.after), "observed_by": format_time(self.by)}


def event_id(subject: str, event_type: EventType, sequence: int) -> str:
    """The id of a fact: a UUID (RFC 9562, version 5) of what it is about, its type and the subject's own count."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{subject}#{event_type}#{sequence}"))


def make_event(
    *,
    event_type: EventType,
    severity: Severity,
    source: str,
    subject: str,
    project_name: str | None,
    status: Status | None,
    move: Move | None,
    time: datetime,
    sequence: int,
    data: Mapping[str, Any],
) -> Event:
    """An event with its id and its CloudEvent document."""
    identity = event_id(subject, event_type, sequence)
    document = {
        "specversion": "1.0",
        "id": identity,
        "source": source,
        "type": str(event_type),
        "subject": subject,
        "time": format_time(time),
        "datacontenttype": "application/json",
        "severity": severity.word,
        "sequence": str(sequence),
        "data": data,
    }
    return Event(
        id=identity,
        type=event_type,
        severity=severity,
        source=source,
        subject=subject,
        project_name=project_name,
        status=status,
        move=move,
        time=time,
        sequence=sequence,
        document=document,
    )


def appeared(project: Project, tracked: Tracked, window: Window) -> Event:
    """A version is there that was not."""
    status = tracked.version.status
    severity = max(status_severity(status), _unknown_severity(status))
    return _version_event(EventType.VERSION_APPEARED, severity, project, tracked, window, f"appeared, {status}", {})


def status_changed(project: Project, tracked: Tracked, window: Window, move: Move, changed: Mapping[str, Any]) -> Event:
    """A version moved to another status; *changed* holds what else changed with it."""
    data = {
        "from": move.before.word,
        "to": move.after.word,
        "move": move.kind.value,
        "via": [status.word for status in move.via],
        "changed": changed,
    }
    words = f"{move.before} -> {move.after}"
    severity = move_severity(move)
    return _version_event(EventType.VERSION_STATUS_CHANGED, severity, project, tracked, window, words, data, move)


def updated(project: Project, tracked: Tracked, window: Window, changed: Mapping[str, Any]) -> Event:
    """Something else than the status changed."""
    words = f"changed {', '.join(sorted(changed))}"
    data = {"changed": changed}
    return _version_event(EventType.VERSION_UPDATED, Severity.INFO, project, tracked, window, words, data)


def disappeared(project: Project, tracked: Tracked, window: Window) -> Event:
    """A version is gone; the event carries what was last known of it."""
    status = tracked.version.status
    severity = Severity.CRITICAL if status == RUNNING else Severity.INFO
    words = f"disappeared, last {status}"
    return _version_event(EventType.VERSION_DISAPPEARED, severity, project, tracked, window, words, {})


def move_severity(move: Move) -> Severity:
    """How much a change of status matters: what it moved to, and whether that could be expected."""
    strange = Severity.WARNING if move.kind is MoveKind.UNEXPECTED else Severity.INFO
    return max(status_severity(move.after), _unknown_severity(move.after), strange)


def status_severity(status: Status) -> Severity:
    """How much it matters that a version is in *status* now."""
    return _SEVERITIES.get(status, Severity.INFO)


def project_document(project: Project) -> dict[str, Any]:
    """A project as events carry it."""
    return {"arn": project.arn, "name": project.name, "labels": dict(project.labels)}


def version_document(tracked: Tracked) -> dict[str, Any]:
    """A version as events and the API carry it: every field that AWS gave, and since when it has its status."""
    document = to_document(tracked.version)
    document["status_since"] = to_json(tracked.status_since)
    document["status_since_at_least"] = tracked.at_least
    return document


_SEVERITIES: Final[Mapping[Status, Severity]] = {
    FAILED: Severity.CRITICAL,
    EXPIRED: Severity.CRITICAL,
    TRAINING_FAILED: Severity.ERROR,
    COPYING_FAILED: Severity.ERROR,
    DEPRECATED: Severity.WARNING,
}


def _unknown_severity(status: Status) -> Severity:
    return Severity.INFO if status.known else Severity.WARNING


def _version_event(
    event_type: EventType,
    severity: Severity,
    project: Project,
    tracked: Tracked,
    window: Window,
    words: str,
    more: Mapping[str, Any],
    move: Move | None = None,
) -> Event:
    data = {
        "summary": f"{project.name} / {tracked.version.name}: {words}",
        "account_id": project.account_id,
        "region": project.region,
        "project": project_document(project),
        "version": version_document(tracked),
        **more,
        **window.document(),
        "console_url": console_url(project),
    }
    return make_event(
        event_type=event_type,
        severity=severity,
        source=project.arn,
        subject=tracked.version.arn,
        project_name=project.name,
        status=tracked.version.status,
        move=move,
        time=window.by,
        sequence=tracked.sequence,
        data=data,
    )
