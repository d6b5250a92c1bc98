"""Descriptions of versions as botocore's model of Rekognition allows them, and their way back from a Version."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from botocore.loaders import create_loader
from botocore.model import ServiceModel
from hypothesis import strategies as st

if TYPE_CHECKING:
    from botocore.model import Shape

    from monitor.domain.version import DataResult, Dataset, S3Object, Version

ARN = "arn:aws:rekognition:us-east-1:111122223333:project/p/version/v/1690556751958"


def _strategy(shape: Any, name: str = "") -> st.SearchStrategy[Any]:
    """Any value of *shape*; times are whole milliseconds, as AWS's are, and no list or structure is empty."""
    if name == "ProjectVersionArn":
        return st.just(ARN)
    if shape.type_name == "structure":
        members = {member: _strategy(part, member) for member, part in shape.members.items()}
        required = {"ProjectVersionArn", "Status"} & members.keys()
        some = st.fixed_dictionaries(
            {key: members[key] for key in required},
            optional={key: part for key, part in members.items() if key not in required},
        )
        return some.filter(bool)
    if shape.type_name == "list":
        return st.lists(_strategy(shape.member), min_size=1, max_size=3)
    return _scalar(shape)


def _scalar(shape: Shape) -> st.SearchStrategy[Any]:
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max", 1)
    return {
        "string": st.sampled_from(shape.metadata.get("enum") or ["", "text", "größe 日本"]),
        "boolean": st.booleans(),
        "integer": st.integers(0, 2**31 - 1),
        "long": st.integers(0, 2**63 - 1),
        "float": st.floats(least, most),
        "timestamp": st.integers(0, 4_102_444_800_000).map(lambda milliseconds: milliseconds / 1000),
    }[shape.type_name]


def _description() -> st.SearchStrategy[dict[str, Any]]:
    model = ServiceModel(create_loader().load_service_model("rekognition", "service-2"))
    return _strategy(model.shape_for("ProjectVersionDescription"))


DESCRIPTIONS = _description()


def as_wire(version: Version) -> dict[str, Any]:
    """The description that *version* was read from, if nothing in it was odd."""
    threshold = _nested(version.confidence_threshold, "FeatureConfig", "ContentModeration", "ConfidenceThreshold")
    evaluation = _present({"F1Score": version.f1_score, "Summary": _manifest(version.evaluation_summary)})
    return _present(
        {
            "ProjectVersionArn": version.arn,
            "Status": version.status.word if version.status.word != "UNSPECIFIED" else None,
            "StatusMessage": version.status_message,
            "CreationTimestamp": version.creation_timestamp and version.creation_timestamp.timestamp(),
            "TrainingEndTimestamp": version.training_end_timestamp and version.training_end_timestamp.timestamp(),
            "BillableTrainingTimeInSeconds": version.billable_training_time_in_seconds,
            "EvaluationResult": evaluation or None,
            "MinInferenceUnits": version.min_inference_units,
            "MaxInferenceUnits": version.max_inference_units,
            "OutputConfig": version.output_config
            and _present(
                {"S3Bucket": version.output_config.s3_bucket, "S3KeyPrefix": version.output_config.s3_key_prefix}
            ),
            "TrainingDataResult": _data_result(version.training_data_result),
            "TestingDataResult": _data_result(version.testing_data_result),
            "ManifestSummary": _manifest(version.manifest_summary),
            "KmsKeyId": version.kms_key_id,
            "SourceProjectVersionArn": version.source_project_version_arn,
            "VersionDescription": version.version_description,
            "Feature": version.feature,
            "BaseModelVersion": version.base_model_version,
            **threshold,
        }
    )


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _nested(value: Any, *path: str) -> dict[str, Any]:
    if value is None:
        return {}
    nested: dict[str, Any] = reduce(lambda inner, name: {name: inner}, reversed(path), value)
    return nested


def _manifest(it: S3Object | None) -> dict[str, Any] | None:
    if it is None:
        return None
    return {"S3Object": _present({"Bucket": it.bucket, "Name": it.name, "Version": it.version})}


def _dataset(it: Dataset | None) -> dict[str, Any] | None:
    if it is None:
        return None
    assets = [{"GroundTruthManifest": _manifest(manifest)} for manifest in it.manifests]
    return _present({"Assets": assets or None, "AutoCreate": it.auto_create})


def _data_result(it: DataResult | None) -> dict[str, Any] | None:
    if it is None:
        return None
    parts = {"Input": it.input, "Output": it.output, "Validation": it.validation}
    return _present({name: _dataset(part) for name, part in parts.items()})
