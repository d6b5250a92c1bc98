"""Answers for machines, as JSON on stdout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import orjson

from monitor.domain.document import format_time
from monitor.domain.events import project_document, version_document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.cli.watched import Watched
    from monitor.domain.delivery import Delivery, Message
    from monitor.domain.fault import Fault
    from monitor.domain.project import Project
    from monitor.domain.snapshot import Snapshot
    from monitor.service.sweep import Polled


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


def status_document(found: Sequence[Watched], now: datetime) -> dict[str, Any]:
    """What `status --output json` says."""
    return {"at": format_time(now), "projects": [_watched(each) for each in found]}


def poll_document(results: Sequence[Polled]) -> dict[str, Any]:
    """What `poll --output json` says."""
    return {"projects": [_polled(polled) for polled in results]}


def outbox_document(deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """What `outbox list --output json` says."""
    return {"deliveries": [_delivery(delivery) for delivery in deliveries]}


def _watched(watched: Watched) -> dict[str, Any]:
    since = watched.failing_since
    return {
        **_project(watched.project, watched.snapshot),
        "unreachable": watched.unreachable,
        "failing_since": format_time(since) if since else None,
    }


def _project(project: Project, snapshot: Snapshot | None) -> dict[str, Any]:
    versions = snapshot.watched(project) if snapshot else []
    return {
        **project_document(project),
        "account_id": project.account_id,
        "region": project.region,
        "seen_at": format_time(snapshot.seen_at) if snapshot else None,
        "versions": [version_document(tracked) for tracked in versions],
    }


def _polled(polled: Polled) -> dict[str, Any]:
    return {
        **_project(polled.project, polled.state.snapshot),
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
