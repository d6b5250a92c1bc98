"""Answers for machines, as JSON on stdout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import orjson

from monitor.domain.document import format_time, to_document, to_json
from monitor.domain.events import project_document, version_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.cli.watched import Fleet, Watched
    from monitor.cli.whole import Whole
    from monitor.domain.delivery import Delivery, Message
    from monitor.domain.fault import Fault
    from monitor.domain.project import Project
    from monitor.domain.receipt import Receipt
    from monitor.domain.snapshot import Snapshot, Tracked
    from monitor.domain.timeline import Timeline
    from monitor.service.sweep import Polled, Swept
    from monitor.view import PlaceState


def print_json(document: Any) -> None:
    """One document, indented, in UTF-8 whatever the locale."""
    _write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def print_messages(messages: Sequence[Message]) -> None:
    """The CloudEvents, one a line, as they were stored."""
    _write(b"".join(message.document + b"\n" for message in messages))


def _write(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def status_document(fleet: Fleet) -> dict[str, Any]:
    """What `status --output json` says."""
    return {**head_document(fleet), "projects": [_watched(each) for each in fleet.found]}


def whole_document(fleet: Fleet, whole: Whole) -> dict[str, Any]:
    """What `status VERSION --output json` says."""
    tracked = whole.tracked
    return {
        **head_document(fleet),
        "project": _place(whole.project),
        "version": version_document(tracked) if tracked else to_document(whole.version),
        "gone": tracked is None,
        "timeline": _timeline(whole.timeline),
        "events": [orjson.Fragment(message.document) for message in whole.events],
        "deliveries": [_receipt(receipt) for receipt in whole.receipts],
    }


def head_document(fleet: Fleet) -> dict[str, Any]:
    """When it was said, and who keeps it up to date."""
    running = {"running": fleet.presence.running, "seen_at": format_time(fleet.seen_at) if fleet.seen_at else None}
    return {"at": format_time(fleet.at), "monitor": running}


def poll_document(swept: Swept) -> dict[str, Any]:
    """What `poll --output json` says; of accounts, those whose projects are discovered."""
    return {
        "projects": [_polled(polled) for polled in swept.projects],
        "accounts": [_discovered(state) for state in swept.places],
    }


def _discovered(state: PlaceState) -> dict[str, Any]:
    return {
        "account": state.place.account,
        "account_id": state.place.account_id or None,
        "region": state.place.region,
        "projects": len(state.census.watched) if state.census else None,
        "fault": None if state.fault is None else _fault(state.fault),
    }


def outbox_document(deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """What `outbox list --output json` says."""
    return {"deliveries": [_delivery(delivery) for delivery in deliveries]}


def _watched(watched: Watched) -> dict[str, Any]:
    since = watched.failing_since
    return {
        **_project(watched.project, watched.snapshot, watched.versions),
        "unreachable": watched.unreachable,
        "failing_since": format_time(since) if since else None,
    }


def _project(project: Project, snapshot: Snapshot | None, versions: Iterable[Tracked]) -> dict[str, Any]:
    return {
        **_place(project),
        "seen_at": format_time(snapshot.seen_at) if snapshot else None,
        "versions": [version_document(tracked) for tracked in versions],
    }


def _place(project: Project) -> dict[str, Any]:
    return {**project_document(project), "account_id": project.account_id, "region": project.region}


def _timeline(timeline: Timeline) -> dict[str, Any]:
    spans = ({"status": span.status, "start": span.start, "end": span.end} for span in timeline.spans)
    return {
        "since": format_time(timeline.since),
        "until": format_time(timeline.until),
        "spans": [{name: to_json(value) for name, value in span.items()} for span in spans],
        "moves": [
            {
                "at": format_time(mark.at),
                "from": mark.step.before,
                "to": mark.step.status,
                "move": mark.step.move,
                "via": mark.step.via,
            }
            for mark in timeline.marks
        ],
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "event_id": receipt.event_id,
        "sink": receipt.sink,
        "state": str(receipt.state),
        "attempts": receipt.attempts,
        "stored_at": format_time(receipt.stored_at),
        "settled_at": format_time(receipt.settled_at) if receipt.settled_at else None,
        "error": receipt.error,
    }


def _polled(polled: Polled) -> dict[str, Any]:
    snapshot = polled.state.snapshot
    return {
        **_project(polled.project, snapshot, snapshot.watched(polled.project) if snapshot else ()),
        "fault": _fault(polled.fault) if polled.fault else None,
        "events": [event.document for event in polled.events],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "reason": str(fault.reason),
        "message": fault.message,
        "hint": fault.hint,
        "code": fault.code,
        "request_id": fault.request_id,
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "sink": delivery.sink,
        "state": str(delivery.state),
        "attempts": delivery.attempts,
        "stored_at": format_time(delivery.stored_at),
        "due_at": format_time(delivery.due_at),
        "error": delivery.error,
        "event": orjson.Fragment(delivery.message.document),
    }
