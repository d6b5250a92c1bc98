"""The event that `sinks test` sends: like any other, of a project that is none, and marked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from monitor.domain.delivery import Message
from monitor.domain.events import Window, status_changed
from monitor.domain.lifecycle import classify
from monitor.domain.project import parse_project
from monitor.domain.snapshot import Tracked
from monitor.domain.status import RUNNING, STARTING
from monitor.domain.version import Version

if TYPE_CHECKING:
    from datetime import datetime

MARK: Final = "test"
"""The member of the event's `data` that is true in a test, and in no other event."""

_PROJECT: Final = parse_project(
    "arn:aws:rekognition:us-east-1:000000000000:project/rekognition-monitor-test/1577836800000"
)
_VERSION: Final = (
    "arn:aws:rekognition:us-east-1:000000000000:project/rekognition-monitor-test/version/test/1577836800000"
)


def trial_message(at: datetime, nonce: str) -> Message:
    """A test at that time; *nonce* makes its id another than that of any test before."""
    version = Version(arn=_VERSION, name="test", status=RUNNING, status_message="This is a test of the sink.")
    tracked = Tracked(version=version, status_since=at, at_least=False, sequence=1)
    event = status_changed(_PROJECT, tracked, Window(after=at, by=at), classify(STARTING, RUNNING), {})
    document = dict(event.document)
    data = document["data"]
    document |= {"id": f"test-{nonce}", "data": {**data, "summary": f"TEST: {data['summary']}", MARK: True}}
    return Message(
        position=0,
        id=f"test-{nonce}",
        type=event.type,
        severity=event.severity,
        source=event.source,
        subject=event.subject,
        time=at,
        document=json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(),
    )
