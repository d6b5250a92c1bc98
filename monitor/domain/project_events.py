"""The events about a project as a whole, which discovery makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.domain.console import console_url
from monitor.domain.events import Event, EventType, Window, make_event, project_document, version_document
from monitor.domain.severity import Severity

if TYPE_CHECKING:
    from monitor.domain.project import Project
    from monitor.domain.snapshot import Snapshot


def project_appeared(project: Project, window: Window, sequence: int) -> Event:
    """A project is there that was not."""
    return _event(EventType.PROJECT_APPEARED, project, window, sequence, "appeared", {})


def project_disappeared(project: Project, last: Snapshot | None, window: Window, sequence: int) -> Event:
    """A project is gone; the event carries the versions that were last known of it."""
    versions = [version_document(tracked) for tracked in last.watched(project)] if last else []
    data = {"versions": versions}
    return _event(EventType.PROJECT_DISAPPEARED, project, window, sequence, "disappeared", data)


def _event(
    event_type: EventType, project: Project, window: Window, sequence: int, words: str, more: dict[str, Any]
) -> Event:
    data = {
        "summary": f"{project.name} {words}",
        "account_id": project.account_id,
        "region": project.region,
        "project": project_document(project),
        **more,
        **window.document(),
        "console_url": console_url(project),
    }
    return make_event(
        event_type=event_type,
        severity=Severity.INFO,
        source=project.arn,
        subject=project.arn,
        project_name=project.name,
        status=None,
        move=None,
        time=window.by,
        sequence=sequence,
        data=data,
    )
