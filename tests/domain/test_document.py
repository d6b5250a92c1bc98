from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType

import pytest
from hypothesis import given

from monitor.domain.document import format_time, parse_time, to_document, version_from_document
from monitor.domain.status import RUNNING, Status
from monitor.domain.version import DataResult, Dataset, OutputConfig, S3Object, Version
from tests.builders import T0, version, version_arn
from tests.strategies import times, whole_versions

WHOLE = Version(
    arn=version_arn(),
    name="v1",
    status=RUNNING,
    status_message="The model is running.",
    creation_timestamp=datetime(2023, 7, 28, 15, 5, 51, 958000, UTC),
    training_end_timestamp=datetime(2023, 7, 28, 15, 45, tzinfo=UTC),
    billable_training_time_in_seconds=1899,
    f1_score=0.97,
    evaluation_summary=S3Object(bucket="b", name="evaluation.json", version="7"),
    min_inference_units=0,
    max_inference_units=2,
    output_config=OutputConfig(s3_bucket="b", s3_key_prefix="out"),
    training_data_result=DataResult(
        input=Dataset(manifests=(S3Object(bucket="b", name="in.manifest"),)),
        output=Dataset(manifests=(S3Object(bucket="b", name="out.manifest"), S3Object())),
        validation=Dataset(),
    ),
    testing_data_result=DataResult(input=Dataset(auto_create=False)),
    manifest_summary=S3Object(bucket="b", name="summary.json"),
    kms_key_id="arn:aws:kms:us-east-1:111122223333:key/1",
    source_project_version_arn=version_arn("v0"),
    version_description="größer",
    feature="CUSTOM_LABELS",
    base_model_version="",
    confidence_threshold=0.5,
    extra={"NewField": [None, {"Deep": 1}]},
)

WHOLE_DOCUMENT = {
    "arn": version_arn(),
    "name": "v1",
    "status": "RUNNING",
    "status_message": "The model is running.",
    "creation_timestamp": "2023-07-28T15:05:51.958000Z",
    "training_end_timestamp": "2023-07-28T15:45:00Z",
    "billable_training_time_in_seconds": 1899,
    "f1_score": 0.97,
    "evaluation_summary": {"bucket": "b", "name": "evaluation.json", "version": "7"},
    "min_inference_units": 0,
    "max_inference_units": 2,
    "output_config": {"s3_bucket": "b", "s3_key_prefix": "out"},
    "training_data_result": {
        "input": {"manifests": [{"bucket": "b", "name": "in.manifest"}]},
        "output": {"manifests": [{"bucket": "b", "name": "out.manifest"}, {}]},
        "validation": {},
    },
    "testing_data_result": {"input": {"auto_create": False}},
    "manifest_summary": {"bucket": "b", "name": "summary.json"},
    "kms_key_id": "arn:aws:kms:us-east-1:111122223333:key/1",
    "source_project_version_arn": version_arn("v0"),
    "version_description": "größer",
    "feature": "CUSTOM_LABELS",
    "base_model_version": "",
    "confidence_threshold": 0.5,
    "extra": {"NewField": [None, {"Deep": 1}]},
}


def test_a_whole_version_as_a_document() -> None:
    """Every field is there by its own name; zero, False and empty text are values."""
    assert to_document(WHOLE) == WHOLE_DOCUMENT


def test_a_bare_version_as_a_document() -> None:
    """What AWS left out is left out."""
    bare = version("v1", Status("REFINING"))

    assert to_document(bare) == {"arn": version_arn(), "name": "v1", "status": "REFINING"}


def test_a_document_gives_the_version_again() -> None:
    """A document that was stored is read back, unknown status included."""
    assert version_from_document(WHOLE_DOCUMENT) == WHOLE


@given(whole_versions)
def test_any_version_survives_its_document_as_json(any_version: Version) -> None:
    """Whatever AWS may say comes back from the database as it was."""
    assert version_from_document(json.loads(json.dumps(to_document(any_version)))) == any_version


def test_read_only_mappings_are_plain_json_in_a_document() -> None:
    """A document can be written as JSON whatever kind of mapping holds the fields that are not known."""
    document = to_document(version(extra=MappingProxyType({"NewField": 1})))

    assert json.loads(json.dumps(document))["extra"] == {"NewField": 1}


def test_keys_that_are_no_field_are_left_alone() -> None:
    """An event's version has more keys than a version, and reads as one."""
    assert version_from_document({**WHOLE_DOCUMENT, "status_since": "2026-11-21T18:00:00Z"}) == WHOLE


@pytest.mark.parametrize(
    "document",
    [
        {"name": "v1", "status": "RUNNING"},
        {"arn": version_arn(), "name": "v1", "status": "RUNNING", "creation_timestamp": "yesterday"},
        {"arn": version_arn(), "name": "v1", "status": "RUNNING", "creation_timestamp": 1},
        {"arn": version_arn(), "name": "v1", "status": "RUNNING", "output_config": {"bucket": "b"}},
        {"arn": version_arn(), "name": "v1", "status": "RUNNING", "training_data_result": {"input": 1}},
    ],
)
def test_a_document_that_was_not_made_so_is_refused(document: dict[str, object]) -> None:
    """A damaged document raises one of the errors that the store takes for damage."""
    with pytest.raises((KeyError, TypeError, AttributeError, ValueError)):
        version_from_document(document)


def test_times_are_told_in_utc() -> None:
    """Any zone is brought to UTC and written with Z, microseconds only where there are any."""
    there = timezone(timedelta(hours=-7))
    moments = [T0, T0.astimezone(there), T0 + timedelta(microseconds=5)]

    assert [format_time(moment) for moment in moments] == [
        "2026-11-21T18:00:00Z",
        "2026-11-21T18:00:00Z",
        "2026-11-21T18:00:00.000005Z",
    ]


@given(times)
def test_any_time_survives_its_text(moment: datetime) -> None:
    """A time is read back to the microsecond, from year 1 to 9999."""
    assert parse_time(format_time(moment)) == moment
