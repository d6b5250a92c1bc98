"""One example of each type of event, made by the code that makes the real ones, for `docs/events.md`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from monitor.domain.diff import diff
from monitor.domain.events import Window
from monitor.domain.fault import Fault, Reason, Scope
from monitor.domain.project_events import project_appeared, project_disappeared
from monitor.domain.reachability import Reachability, observe_failure, observe_success
from monitor.domain.snapshot import Listing
from monitor.domain.version import S3Object, Version
from tests import builders

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.domain.events import Event

REFERENCE: Final = Path(__file__).parent.parent / "docs" / "events.md"

_PROJECT: Final = builders.project(labels={"team": "vision"})
_EXAMPLE: Final = re.compile(r"(?<=<!-- example: )(?P<type>\S+)( -->\n```json\n).*?(?=```\n)", re.DOTALL)

_TRAINED: Final[Mapping[str, Any]] = {
    "status_message": "The model is ready to run.",
    "training_end_timestamp": builders.at(95),
    "billable_training_time_in_seconds": 4860,
    "f1_score": 0.93,
    "evaluation_summary": S3Object(bucket="models", name="out/EvaluationResult-prod-7.json"),
}


def examples() -> dict[str, Mapping[str, Any]]:
    """The CloudEvent of one event of each type, by type."""
    events = (*_life(), *_outage(), *_discovered())
    return {str(event.type): event.document for event in events}


def render() -> str:
    """The reference with its examples written anew."""
    made = {event_type: json.dumps(document, indent=2) for event_type, document in examples().items()}
    return _EXAMPLE.sub(
        lambda found: f"{found['type']}{found[2]}{made[found['type']]}\n", REFERENCE.read_text(encoding="utf-8")
    )


def _life() -> tuple[Event, ...]:
    """A version is trained, gets other inference units, and is deleted."""
    steps: tuple[tuple[int, tuple[Version, ...]], ...] = (
        (5, (_version("TRAINING_IN_PROGRESS", status_message="The model is being trained."),)),
        (100, (_version("TRAINING_COMPLETED", **_TRAINED),)),
        (105, (_version("TRAINING_COMPLETED", max_inference_units=3, **_TRAINED),)),
        (200, (_version("DELETING", **_TRAINED),)),
        (205, ()),
    )
    snapshot = diff(_PROJECT, None, Listing(versions=()), builders.at(0)).snapshot
    events: list[Event] = []
    for minute, versions in steps:
        change = diff(_PROJECT, snapshot, Listing(versions=versions), builders.at(minute))
        snapshot = change.snapshot
        events.extend(change.events)
    appeared, status_changed, updated, _, disappeared = events
    return appeared, status_changed, updated, disappeared


def _discovered() -> tuple[Event, ...]:
    """A project is made in the account, and deleted with its only version."""
    last = builders.snapshot(builders.tracked(_version("DELETING")))
    return (
        project_appeared(_PROJECT, Window(after=builders.at(-60), by=builders.at(0)), 1),
        project_disappeared(_PROJECT, last, Window(after=builders.at(420), by=builders.at(430)), 2),
    )


def _outage() -> tuple[Event, ...]:
    """AWS refuses the credentials three times, then answers again."""
    fault = Fault(
        reason=Reason.CREDENTIALS_EXPIRED,
        message="The security token included in the request is expired",
        hint="renew the credentials",
        scope=Scope.ENDPOINT,
        soon=False,
        code="ExpiredTokenException",
        request_id="9f3c6f1e-0b1c-4b57-8d43-5a0f0b6f7c21",
    )
    known = Reachability()
    events: list[Event] = []
    for minute in (300, 305, 310):
        streaks, told = observe_failure(known, _PROJECT, fault, builders.at(minute), after=3)
        known = Reachability(streaks={**known.streaks, **streaks})
        events.extend(told)
    _, told = observe_success(known, _PROJECT, builders.at(330))
    return (*events, *told)


def _version(status: str, **fields: Any) -> Version:
    created: datetime = builders.at(3)
    arn = builders.version_arn("prod-7", created_ms=int(created.timestamp() * 1000))
    return builders.version(
        "prod-7",
        status,
        arn=arn,
        creation_timestamp=created,
        feature="CUSTOM_LABELS",
        base_model_version="2.0",
        **fields,
    )
