"""What a version's document holds besides its status: what AWS adds when a version arrives in a status.

The shapes follow AWS's published answer of DescribeProjectVersions; names of buckets and files are made up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from monitor.simulator.documents import Document, Moment
from monitor.simulator.moves import CONTENT_MODERATION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitor.simulator.plans import Step

_BUCKET = "custom-labels-console-us-east-1-0123456789"
_PREFIX = "model-output"
_MESSAGES = {
    "TRAINING_IN_PROGRESS": "The model is being trained.",
    "TRAINING_COMPLETED": "The model is ready to run.",
    "TRAINING_FAILED": "The manifest file contains too many invalid rows.",
}
"""The texts that are known (recorded, or in the developer guide); AWS's of the other statuses are not public."""

_HOSTED = frozenset({"STARTING", "RUNNING", "STOPPING", "STOPPED", "FAILED"})
_TRAINED = _HOSTED | {"TRAINING_COMPLETED", "DEPRECATED", "EXPIRED"}


def dress(steps: Iterable[Step], *, project: str, name: str, feature: str) -> tuple[Step, ...]:
    """The steps with the fields that AWS would add; what a step says itself stands."""
    return tuple(_dressed(step, project, name, feature) for step in steps)


def _dressed(step: Step, project: str, name: str, feature: str) -> Step:
    if step.status is None:
        return step
    fields = arrival_fields(step.status, project=project, name=name, feature=feature, took=step.after)
    return replace(step, fields={**fields, **step.fields})


def arrival_fields(
    status: str, *, project: str, name: str, feature: str, took: timedelta = timedelta(minutes=30)
) -> Document:
    """The fields that come with *status*; *took* is how long the status before it lasted, None takes a field away."""
    fields: Document = {"StatusMessage": _MESSAGES.get(status)}
    if status in {"TRAINING_IN_PROGRESS", "COPYING_IN_PROGRESS"}:
        fields |= _settings(feature)
    if status in {"TRAINING_COMPLETED", "TRAINING_FAILED"}:
        fields["TrainingEndTimestamp"] = Moment.NOW
    if status == "TRAINING_COMPLETED":
        fields |= _result(project, name, took)
    if status == "STARTING":
        fields["MinInferenceUnits"] = 1
    return fields


def initial_fields(status: str, *, project: str, name: str, feature: str, born: datetime) -> Document:
    """The fields of a version that is in *status* already when the simulator begins, created at *born*."""
    arrival = arrival_fields(status, project=project, name=name, feature=feature)
    fields = {**arrival, **_settings(feature), "CreationTimestamp": born}
    if status in _TRAINED:
        took = timedelta(minutes=45)
        fields |= {**_result(project, name, took), "TrainingEndTimestamp": born + took}
    if status in _HOSTED:
        fields["MinInferenceUnits"] = 1
    return fields


def _settings(feature: str) -> Document:
    output: Document = {"OutputConfig": {"S3Bucket": _BUCKET, "S3KeyPrefix": _PREFIX}}
    if feature == CONTENT_MODERATION:
        output |= {"BaseModelVersion": "7.0", "FeatureConfig": {"ContentModeration": {"ConfidenceThreshold": 60.0}}}
    return output


def _result(project: str, name: str, took: timedelta) -> Document:
    """Billed time is a little longer than the clock's, as in AWS's example."""
    score = Random(f"{project}/{name}").uniform(0.7, 0.99)
    return {
        "BillableTrainingTimeInSeconds": round(took.total_seconds() * 1.16),
        "EvaluationResult": {
            "F1Score": round(score, 4),
            "Summary": _file("EvaluationResultSummary", project, name),
        },
        "ManifestSummary": _file("ManifestSummary", project, name),
        "TrainingDataResult": {
            "Input": {},
            "Output": _assets("TrainingGroundTruth", project, name),
            "Validation": _assets("TrainingManifestWithValidation", project, name),
        },
        "TestingDataResult": {
            "Input": {"AutoCreate": False},
            "Output": {**_assets("TestingGroundTruth", project, name), "AutoCreate": False},
            "Validation": _assets("TestingManifestWithValidation", project, name),
        },
    }


def _assets(kind: str, project: str, name: str) -> Document:
    return {"Assets": [{"GroundTruthManifest": _file(kind, project, name)}]}


def _file(kind: str, project: str, name: str) -> Document:
    return {"S3Object": {"Bucket": _BUCKET, "Name": f"{_PREFIX}/{kind}-{project}-{name}.json"}}
