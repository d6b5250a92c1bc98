"""Wire documents: what JSON 1.1 carries for a project version.

A version is kept as the document that is sent, so that an odd value can be served as it is. In Python its fields are
named in snake_case (`status_message` is `StatusMessage`); the wire's own names are taken too.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Document = dict[str, Any]

VERSION_FIELDS = (
    "ProjectVersionArn",
    "CreationTimestamp",
    "MinInferenceUnits",
    "Status",
    "StatusMessage",
    "BillableTrainingTimeInSeconds",
    "TrainingEndTimestamp",
    "OutputConfig",
    "TrainingDataResult",
    "TestingDataResult",
    "EvaluationResult",
    "ManifestSummary",
    "KmsKeyId",
    "MaxInferenceUnits",
    "SourceProjectVersionArn",
    "VersionDescription",
    "Feature",
    "BaseModelVersion",
    "FeatureConfig",
)
"""Every member of `ProjectVersionDescription` in botocore's model of the service."""


class Moment(Enum):
    """A value that is known only when a planned step happens."""

    NOW = "now"


def wire_fields(fields: Mapping[str, Any]) -> Document:
    """Fields under their wire names; raises ValueError, naming them, for those that a version does not have."""
    unknown = [name for name in fields if _wire_name(name) not in VERSION_FIELDS]
    if unknown:
        raise ValueError(
            f"no such field of a project version: {', '.join(unknown)}; known: {', '.join(VERSION_FIELDS)}"
        )
    return {_wire_name(name): value for name, value in fields.items()}


def _wire_name(name: str) -> str:
    return name if name[:1].isupper() else "".join(part.capitalize() for part in name.split("_"))


def merged(document: Mapping[str, Any], changes: Mapping[str, Any], now: datetime) -> Document:
    """A new document with *changes* made; a change to None takes the field away, as AWS leaves out what it has not."""
    both = {**document, **{name: _wire_value(value, now) for name, value in changes.items()}}
    return {name: value for name, value in both.items() if value is not None}


def _wire_value(value: Any, now: datetime) -> Any:
    """Times travel as seconds since the epoch with a fraction of milliseconds (JSON 1.1's default timestamp format)."""
    moment = now if value is Moment.NOW else value
    return round(moment.timestamp(), 3) if isinstance(moment, datetime) else moment


def created(document: Mapping[str, Any]) -> float:
    """When the version was created, for sorting; 0 when its document does not say it in a number."""
    moment = document.get("CreationTimestamp")
    return float(moment) if isinstance(moment, int | float) else 0.0
