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
    from monitor.domain.project import Project
    from monitor.domain.receipt import Receipt
    from monitor.domain.snapshot import Tracked
    from monitor.domain.standing import SinkState
    from monitor.domain.timeline import Mark, Span, Timeline
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


def project_entry(state: ProjectState) -> dict[str, Any]:
    """A project and how its polls go."""
    return {
        **project_document(state.project),
        **_place(state.project),
        "console_url": console_url(state.project),
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


def version_entry(state: ProjectState, tracked: Tracked) -> dict[str, Any]:
    """A watched version, with its place."""
    return {**placed(state.project), "version": version_document(tracked)}


def placed(project: Project) -> dict[str, Any]:
    """The place of a version, as its events say it."""
    return {**_place(project), "project": project_document(project)}


def fault_entry(state: ProjectState) -> dict[str, Any]:
    """A project whose last poll failed, with what can be done about it."""
    assert state.fault is not None
    return {
        **placed(state.project),
        "fault": _fault(state.fault),
        "failing_since": _time(state.failing_since),
        "failed_in_a_row": state.failed_in_a_row,
        "last_success": _time(state.last_success),
        "interval_seconds": state.interval.total_seconds() if state.interval else None,
    }


def sink_entry(state: SinkState) -> dict[str, Any]:
    """A sink and how it stands."""
    standing = state.standing
    return {
        "name": state.name,
        "type": state.type,
        "state": state.state,
        "pending": standing.pending,
        "oldest": _time(standing.oldest),
        "dead": standing.dead,
        "last_success": _time(standing.last_success),
        "last_error": standing.last_error,
    }


def receipt_entry(receipt: Receipt) -> dict[str, Any]:
    """What became of one event at one sink."""
    return {
        "event_id": receipt.event_id,
        "sink": receipt.sink,
        "state": str(receipt.state),
        "attempts": receipt.attempts,
        "stored_at": format_time(receipt.stored_at),
        "due_at": format_time(receipt.due_at) if receipt.settled_at is None else None,
        "settled_at": _time(receipt.settled_at),
        "error": receipt.error,
    }


def timeline_entry(place: Mapping[str, Any], version: Mapping[str, Any], timeline: Timeline) -> dict[str, Any]:
    """One version's statuses; *version* is its document as events have it."""
    return {
        **place,
        "version": {name: version.get(name) for name in ("arn", "name", "status", "status_since")},
        "spans": [_span(span) for span in timeline.spans],
        "changes": [_change(mark) for mark in timeline.marks],
    }


def events_text(messages: Sequence[Message], end: int | None) -> bytes:
    """The events as they were stored, and the position to go on from; None where there is nothing more."""
    following = b"null" if end is None else b"%d" % end
    return b'{"events":[%b],"next":%b}' % (joined(messages), following)


def joined(messages: Iterable[Message]) -> bytes:
    """The events as they were stored, as the members of a JSON array."""
    return b",".join(message.document for message in messages)


def _place(project: Project) -> dict[str, Any]:
    return {"account_id": project.account_id, "region": project.region}


def _fault(fault: Fault) -> dict[str, Any]:
    """A fault as the `unreachable` event has it."""
    return {
        "reason": str(fault.reason),
        "message": fault.message,
        "hint": fault.hint,
        "code": fault.code,
        "request_id": fault.request_id,
    }


def _span(span: Span) -> dict[str, Any]:
    return {"status": span.status, "start": format_time(span.start), "end": format_time(span.end)}


def _change(mark: Mark) -> dict[str, Any]:
    step = mark.step
    return {
        "at": format_time(mark.at),
        "from": step.before,
        "to": step.status,
        "move": step.move,
        "via": list(step.via),
        "observed_after": format_time(step.after),
        "observed_by": format_time(step.by),
    }


def _time(moment: datetime | None) -> str | None:
    return format_time(moment) if moment else None


def _plain(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
