"""The JSON that the API answers with, made of the same documents as the events. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from monitor.domain.console import console_url
from monitor.domain.document import format_time
from monitor.domain.events import project_document, version_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.domain.delivery import Message
    from monitor.domain.fault import Fault
    from monitor.view import ProjectState


def encode(document: Mapping[str, Any]) -> bytes:
    """*document* as JSON text.

    AWS's JSON may hold what orjson refuses (integers beyond 64 bits, half of a surrogate pair): then the standard
    library writes it. Numbers that are not finite become null either way.
    """
    try:
        return orjson.dumps(document, default=_plain)
    except TypeError:
        finite = json.loads(json.dumps(document, default=_plain), parse_constant=lambda _: None)
        return json.dumps(finite).encode()


def projects_document(states: Iterable[ProjectState]) -> dict[str, Any]:
    """Every project and how its polls go."""
    return {"projects": [_project(state) for state in states]}


def versions_document(states: Iterable[ProjectState]) -> dict[str, Any]:
    """Every watched version of every project, newest first in each."""
    return {"versions": [version for state in states for version in _versions(state)]}


def events_text(messages: Sequence[Message], after: int) -> bytes:
    """The events as they were stored, and the position to go on after."""
    end = messages[-1].position if messages else after
    return b'{"events":[%b],"next":%d}' % (b",".join(message.document for message in messages), end)


def _project(state: ProjectState) -> dict[str, Any]:
    project = state.project
    return {
        **project_document(project),
        "account_id": project.account_id,
        "region": project.region,
        "console_url": console_url(project),
        "statuses": dict(state.counts()) if state.snapshot else None,
        "seen_at": _time(state.snapshot.seen_at) if state.snapshot else None,
        "last_success": _time(state.last_success),
        "fault": _fault(state.fault) if state.fault else None,
        "failing_since": _time(state.failing_since),
        "interval_seconds": state.interval.total_seconds() if state.interval else None,
        "polls": state.polls,
        "failures": {str(reason): count for reason, count in state.failures.items()},
        "malformed_versions": state.malformed,
    }


def _versions(state: ProjectState) -> list[dict[str, Any]]:
    if state.snapshot is None:
        return []
    place = {
        "account_id": state.project.account_id,
        "region": state.project.region,
        "project": project_document(state.project),
    }
    return [{**place, "version": version_document(tracked)} for tracked in state.snapshot.watched(state.project)]


def _fault(fault: Fault) -> dict[str, Any]:
    """A fault as the `unreachable` event has it."""
    return {
        "reason": str(fault.reason),
        "message": fault.message,
        "hint": fault.hint,
        "code": fault.code,
        "request_id": fault.request_id,
    }


def _time(moment: datetime | None) -> str | None:
    return format_time(moment) if moment else None


def _plain(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
