"""An event of each type, of things that do not exist, made by the code that makes the real ones.

What is written for events is tried on them before there is a real one: a sink's template is checked against each.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from monitor.domain.events import Window, appeared, disappeared, status_changed, updated
from monitor.domain.fault import Fault, Reason, Scope
from monitor.domain.lifecycle import classify
from monitor.domain.project import parse_project
from monitor.domain.project_events import project_appeared, project_disappeared
from monitor.domain.reachability import Reachability, observe_failure, observe_success
from monitor.domain.snapshot import Snapshot, Tracked
from monitor.domain.status import DELETING, TRAINING_FAILED, TRAINING_IN_PROGRESS
from monitor.domain.version import Version

if TYPE_CHECKING:
    from monitor.domain.events import Event
    from monitor.domain.status import Status

_NOON: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
_PROJECT: Final = "arn:aws:rekognition:us-east-1:111122223333:project/sample/1690474772815"
_VERSION: Final = "arn:aws:rekognition:us-east-1:111122223333:project/sample/version/sample-1/1690556751958"

_WORDS: Final = 'A sample with "quotes", a \\ and\na second line: <b>, *, _ and € are only text.'
"""What AWS's free text may hold, so that a template that forgets it is found out."""


def sample_events() -> tuple[Event, ...]:
    """Each type that is told, some in more than one form: a fault of a project, and one of its account and region."""
    project = parse_project(_PROJECT, labels={"team": "sample"})
    window = Window(after=_NOON - timedelta(minutes=5), by=_NOON)
    move = classify(TRAINING_IN_PROGRESS, TRAINING_FAILED)
    changed = {"status_message": [None, _WORDS]}
    return (
        appeared(project, _tracked(TRAINING_IN_PROGRESS), window),
        status_changed(project, _tracked(TRAINING_FAILED), window, move, changed),
        updated(project, _tracked(TRAINING_FAILED), window, changed),
        disappeared(project, _tracked(DELETING), window),
        *_outage(Scope.PROJECT),
        *_outage(Scope.ENDPOINT),
        project_appeared(project, window, 1),
        project_disappeared(project, _snapshot(), window, 2),
    )


def _snapshot() -> Snapshot:
    last = _tracked(DELETING)
    return Snapshot(project_arn=_PROJECT, revision=1, seen_at=_NOON, versions={last.version.arn: last})


def _tracked(status: Status) -> Tracked:
    version = Version(
        arn=_VERSION,
        name="sample-1",
        status=status,
        status_message=_WORDS,
        creation_timestamp=_NOON - timedelta(hours=2),
        training_end_timestamp=_NOON,
        billable_training_time_in_seconds=4860,
        f1_score=0.93,
        min_inference_units=1,
        max_inference_units=2,
        feature="CUSTOM_LABELS",
        base_model_version="2.0",
    )
    return Tracked(version=version, status_since=_NOON, at_least=False, sequence=3, absence=None)


def _outage(scope: Scope) -> tuple[Event, ...]:
    """One that begins and ends."""
    project = parse_project(_PROJECT, labels={"team": "sample"})
    fault = Fault(
        reason=Reason.CREDENTIALS_EXPIRED if scope is Scope.ENDPOINT else Reason.PROJECT_NOT_FOUND,
        message=_WORDS,
        hint="nothing: this is a sample",
        scope=scope,
        soon=False,
        code="SampleException",
        request_id="00000000-0000-0000-0000-000000000000",
    )
    streaks, unreachable = observe_failure(Reachability(), project, fault, _NOON, after=1)
    _, recovered = observe_success(Reachability(streaks=streaks), project, _NOON + timedelta(minutes=5))
    return (*unreachable, *recovered)
