"""What AWS sent, as versions: every field of ProjectVersionDescription, each optional but the ARN.

A field that is not known, or whose value is not what it should be, goes into `Version.extra` as it came, under AWS's
name and, within a structure, its path: `EvaluationResult.F1Score`, `TestingDataResult.Output.Assets[0].New`.

Source: Amazon Rekognition API Reference, ProjectVersionDescription; botocore's model of the service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from monitor.aws.reading import count, flag, moment, number, repeated, sequence, structure, text
from monitor.domain.project import version_name
from monitor.domain.status import parse_status
from monitor.domain.version import NOTHING_ELSE, Version, data_result, dataset, output_config, s3_object

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.aws.reading import Leftovers

_PERCENT: Final = 100.0
"""The model's `Percent`, of ConfidenceThreshold."""


def _only(it: Any = None) -> Any:
    """Takes a structure that holds one thing for that thing."""
    return it


_S3_OBJECT = structure({"Bucket": ("bucket", text), "Name": ("name", text), "Version": ("version", text)}, s3_object)
_MANIFEST = structure({"S3Object": ("it", _S3_OBJECT)}, _only)
_ASSET = structure({"GroundTruthManifest": ("it", _MANIFEST)}, _only)
_DATASET = structure({"Assets": ("manifests", sequence(_ASSET)), "AutoCreate": ("auto_create", flag)}, dataset)
_DATA_RESULT = structure(
    {"Input": ("input", _DATASET), "Output": ("output", _DATASET), "Validation": ("validation", _DATASET)}, data_result
)
_OUTPUT_CONFIG = structure({"S3Bucket": ("s3_bucket", text), "S3KeyPrefix": ("s3_key_prefix", text)}, output_config)
_EVALUATION = structure({"F1Score": ("f1_score", number(1.0)), "Summary": ("evaluation_summary", _MANIFEST)}, dict)
_CONTENT_MODERATION = structure({"ConfidenceThreshold": ("confidence_threshold", number(_PERCENT))}, dict)
_FEATURE_CONFIG = structure({"ContentModeration": ("", _CONTENT_MODERATION)}, dict)

_DESCRIPTION = structure(
    {
        "ProjectVersionArn": ("arn", text),
        "CreationTimestamp": ("creation_timestamp", moment),
        "MinInferenceUnits": ("min_inference_units", count),
        "Status": ("status", text),
        "StatusMessage": ("status_message", repeated),
        "BillableTrainingTimeInSeconds": ("billable_training_time_in_seconds", count),
        "TrainingEndTimestamp": ("training_end_timestamp", moment),
        "OutputConfig": ("output_config", _OUTPUT_CONFIG),
        "TrainingDataResult": ("training_data_result", _DATA_RESULT),
        "TestingDataResult": ("testing_data_result", _DATA_RESULT),
        "EvaluationResult": ("", _EVALUATION),
        "ManifestSummary": ("manifest_summary", _MANIFEST),
        "KmsKeyId": ("kms_key_id", repeated),
        "MaxInferenceUnits": ("max_inference_units", count),
        "SourceProjectVersionArn": ("source_project_version_arn", text),
        "VersionDescription": ("version_description", repeated),
        "Feature": ("feature", repeated),
        "BaseModelVersion": ("base_model_version", repeated),
        "FeatureConfig": ("", _FEATURE_CONFIG),
    },
    dict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """The entries of one page.

    Attributes:
        versions: In AWS's order; each ARN once.
        malformed: What is wrong with each entry that is no version.
    """

    versions: tuple[Version, ...]
    malformed: tuple[str, ...] = ()


def parse_entries(entries: Iterable[Any], *, page: int = 1) -> Entries:
    """The versions among *entries*, which may be anything that JSON has. *page* is for the messages."""
    versions: list[Version] = []
    malformed: list[str] = []
    for index, entry in enumerate(entries):
        try:
            versions.append(parse_version(entry))
        except ValueError as error:
            malformed.append(f"entry {index} of page {page}: {error}")
    return Entries(versions=once_each(versions), malformed=tuple(malformed))


def once_each(versions: Iterable[Version]) -> tuple[Version, ...]:
    """Each ARN once: in the first one's place, what was said last, which is the newer answer."""
    return tuple({version.arn: version for version in versions}.values())


def parse_version(entry: Any) -> Version:
    """The version that one entry of ProjectVersionDescriptions describes.

    Raises ValueError for what is not the description of a version: no object, without an ARN, or with another thing's.
    """
    if not isinstance(entry, dict):
        raise ValueError(f"{_shown(entry)} is not a description of a version")  # noqa: TRY004 - data, not a bug
    arn = entry.get("ProjectVersionArn")
    if arn is None:
        raise ValueError("there is no ProjectVersionArn")
    name = _name(arn)
    extra: Leftovers = {}
    fields = _DESCRIPTION(entry, "", extra)
    status = parse_status(fields.pop("status", None))
    return Version(name=name, status=status, extra=extra or NOTHING_ELSE, **fields)


def _name(arn: Any) -> str:
    try:
        return version_name(arn)
    except (TypeError, ValueError):
        raise ValueError(f"the ProjectVersionArn {_shown(arn)} is not the ARN of a project version") from None


def _shown(value: Any, longest: int = 100) -> str:
    shown = "null" if value is None else repr(value)
    return shown if len(shown) <= longest else f"{shown[:longest]}…"
