from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.aws.parsing import Entries, parse_entries, parse_version
from monitor.domain.document import to_document, version_from_document
from monitor.domain.status import TRAINING_COMPLETED, UNSPECIFIED, Status
from monitor.domain.version import DataResult, Dataset, OutputConfig, S3Object, Version
from tests.aws.descriptions import DESCRIPTIONS, as_wire
from tests.aws_examples import PROJECT_ARN, VERSION_ARN, version_arn, wire_entry

BUCKET = "custom-labels-console-us-east-1-111111111"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ODD_FIELDS = st.dictionaries(st.sampled_from(sorted(wire_entry())) | st.text(), JSON, max_size=6)


def file(name: str) -> S3Object:
    return S3Object(bucket=BUCKET, name=f"my-model-output/{name}-my-project-1.json")


def minimal(**fields: Any) -> Version:
    """What is read from an entry with nothing but the ARN and *fields*."""
    return parse_version({"ProjectVersionArn": VERSION_ARN, **fields})


def test_the_published_answer_is_read_whole() -> None:
    """Every field of AWS's own example is where it belongs."""
    assert parse_version(wire_entry()) == Version(
        arn=VERSION_ARN,
        name="1",
        status=TRAINING_COMPLETED,
        status_message="The model is ready to run.",
        creation_timestamp=datetime(2023, 7, 28, 15, 5, 51, 958000, tzinfo=UTC),
        training_end_timestamp=datetime(2023, 7, 28, 15, 33, 10, 827000, tzinfo=UTC),
        billable_training_time_in_seconds=1899,
        f1_score=1.0,
        evaluation_summary=file("EvaluationResultSummary"),
        manifest_summary=file("ManifestSummary"),
        output_config=OutputConfig(s3_bucket=BUCKET, s3_key_prefix="my-model-output"),
        training_data_result=DataResult(
            input=Dataset(),
            output=Dataset(manifests=(file("TrainingGroundTruth"),)),
            validation=Dataset(manifests=(file("TrainingManifestWithValidation"),)),
        ),
        testing_data_result=DataResult(
            input=Dataset(auto_create=False),
            output=Dataset(manifests=(file("TestingGroundTruth"),), auto_create=False),
            validation=Dataset(manifests=(file("TestingManifestWithValidation"),)),
        ),
    )


def test_every_field_but_the_arn_may_be_missing() -> None:
    """A version without a status has the status that says so."""
    assert minimal() == Version(arn=VERSION_ARN, name="1", status=UNSPECIFIED)


@given(DESCRIPTIONS)
def test_a_description_of_the_model_comes_through_whole(description: dict[str, Any]) -> None:
    """Any answer that botocore's model allows is read without leftovers, and can be written again as it was."""
    version = parse_version(description)

    assert version.extra == {}
    assert as_wire(version) == description


@given(DESCRIPTIONS)
def test_a_version_survives_the_database(description: dict[str, Any]) -> None:
    """A document made of what was read gives the same version again."""
    version = parse_version(description)

    assert version_from_document(to_document(version)) == version


@given(st.lists(JSON | ODD_FIELDS | ODD_FIELDS.map(lambda fields: {**wire_entry(), **fields}), max_size=4))
def test_no_value_that_json_has_is_too_odd(entries: list[Any]) -> None:
    """Whatever stands in the list is a version or is told to be none."""
    read = parse_entries(entries)

    assert len(entries) >= len(read.versions) + len(read.malformed) >= min(1, len(entries))


@given(ODD_FIELDS)
def test_nothing_that_aws_said_is_lost(fields: dict[str, Any]) -> None:
    """Each field that says anything is read into a typed one, or stands in `extra`."""
    version = minimal(**{**fields, "ProjectVersionArn": VERSION_ARN, "Status": "RUNNING"})

    kept = as_wire(version).keys() | {key.split(".")[0] for key in version.extra}

    assert {name.split(".")[0] for name, value in fields.items() if says_anything(value)} <= kept


def says_anything(value: Any) -> bool:
    """Whether *value* is or holds anything but nulls and empty structures."""
    if isinstance(value, dict | list):
        return any(map(says_anything, value.values() if isinstance(value, dict) else value))
    return value is not None


def test_an_unknown_status_is_carried() -> None:
    """A word that AWS adds later is a status."""
    assert minimal(Status="HIBERNATING").status == Status("HIBERNATING")


@pytest.mark.parametrize("word", [5, ["RUNNING"], True, {"Status": "RUNNING"}])
def test_a_status_that_is_no_word_is_left_over(word: Any) -> None:
    """Nothing is guessed of it."""
    assert minimal(Status=word) == Version(arn=VERSION_ARN, name="1", status=UNSPECIFIED, extra={"Status": word})


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1690556751.958, datetime(2023, 7, 28, 15, 5, 51, 958000, tzinfo=UTC)),
        (1690556751, datetime(2023, 7, 28, 15, 5, 51, tzinfo=UTC)),
        ("2023-07-28T08:05:51.958000-07:00", datetime(2023, 7, 28, 15, 5, 51, 958000, tzinfo=UTC)),
        ("2023-07-28T15:05:51Z", datetime(2023, 7, 28, 15, 5, 51, tzinfo=UTC)),
        ("2023-07-28T20:50:51+05:45", datetime(2023, 7, 28, 15, 5, 51, tzinfo=UTC)),
    ],
)
def test_times_of_any_zone_are_utc(wire: Any, expected: datetime) -> None:
    """Numbers are seconds since the epoch, texts ISO 8601 with a zone."""
    read = minimal(CreationTimestamp=wire).creation_timestamp

    assert expected == read
    assert read is not None
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "wire",
    [
        *("yesterday", "", "1690556751.958", "2023-07-28", "2023-07-28T15:05:51"),
        *("0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"),
        *(-1, -1e30, 1e30, 1690556751958, 2**63, True, [], {}),
    ],
)
def test_an_odd_time_is_left_over(wire: Any) -> None:
    """No zone, before the epoch, beyond the calendar, or no time at all."""
    version = minimal(CreationTimestamp=wire)

    assert (version.creation_timestamp, version.extra) == (None, {"CreationTimestamp": wire})


@pytest.mark.parametrize("wire", ["1", -1, 1.5, 2.0, 1e30, True, False, 2**63, [], {}, "NaN"])
def test_an_odd_count_is_left_over(wire: Any) -> None:
    """A count is a whole number from 0 on; true and 2.0 are none."""
    version = minimal(MinInferenceUnits=wire)

    assert (version.min_inference_units, version.extra) == (None, {"MinInferenceUnits": wire})


@pytest.mark.parametrize("wire", ["0.9", -0.1, 1.01, 1e30, True, "null", [0.5]])
def test_an_odd_score_is_left_over(wire: Any) -> None:
    """An F1 score is from 0 to 1; what is left over says where it stood."""
    version = minimal(EvaluationResult={"F1Score": wire})

    assert (version.f1_score, version.extra) == (None, {"EvaluationResult.F1Score": wire})


@pytest.mark.parametrize(("wire", "expected"), [(0, 0.0), (1, 1.0), (0.875, 0.875)])
def test_a_score_is_a_number(wire: float, expected: float) -> None:
    """Whole ones too: AWS's example has 1."""
    version = minimal(EvaluationResult={"F1Score": wire})

    assert repr(version.f1_score) == repr(expected)


@pytest.mark.parametrize(("wire", "expected"), [(0, 0.0), (50, 50.0), (99.5, 99.5), (100, 100.0)])
def test_a_confidence_threshold_is_a_percentage(wire: float, expected: float) -> None:
    """It stands two structures deep."""
    version = minimal(FeatureConfig={"ContentModeration": {"ConfidenceThreshold": wire}})

    assert expected == version.confidence_threshold


def test_unknown_fields_are_left_over_with_their_paths() -> None:
    """At the top, in a structure, and in a list within one."""
    version = minimal(
        New={"any": ["thing"]},
        EvaluationResult={"New": 1, "Summary": {"New": 2, "S3Object": {"New": 3}}},
        FeatureConfig={"New": 4, "ContentModeration": {"New": 5}},
        TestingDataResult={"Output": {"Assets": [{}, {"New": 6, "GroundTruthManifest": {"New": 7}}], "New": 8}},
    )

    assert version.extra == {
        "New": {"any": ["thing"]},
        "EvaluationResult.New": 1,
        "EvaluationResult.Summary.New": 2,
        "EvaluationResult.Summary.S3Object.New": 3,
        "FeatureConfig.New": 4,
        "FeatureConfig.ContentModeration.New": 5,
        "TestingDataResult.Output.Assets[1].New": 6,
        "TestingDataResult.Output.Assets[1].GroundTruthManifest.New": 7,
        "TestingDataResult.Output.New": 8,
    }


def test_what_should_be_a_structure_and_is_none_is_left_over() -> None:
    """A text for a structure, an object for a list, a null among the assets."""
    version = minimal(
        OutputConfig="s3://bucket",
        EvaluationResult=[1],
        TrainingDataResult={"Input": {"Assets": {"0": 1}}, "Output": {"Assets": [None, 7]}},
    )

    assert version == Version(
        arn=VERSION_ARN,
        name="1",
        status=UNSPECIFIED,
        training_data_result=DataResult(input=Dataset(), output=Dataset()),
        extra={
            "OutputConfig": "s3://bucket",
            "EvaluationResult": [1],
            "TrainingDataResult.Input.Assets": {"0": 1},
            "TrainingDataResult.Output.Assets[0]": None,
            "TrainingDataResult.Output.Assets[1]": 7,
        },
    )


@pytest.mark.parametrize("wire", [0, 1, "true", []])
def test_an_odd_flag_is_left_over(wire: Any) -> None:
    """Only true and false are flags."""
    version = minimal(TestingDataResult={"Input": {"AutoCreate": wire}})

    assert version.testing_data_result == DataResult(input=Dataset())
    assert version.extra == {"TestingDataResult.Input.AutoCreate": wire}


def test_a_null_is_absent() -> None:
    """As for botocore: at the top, in a structure, and in an unknown field."""
    assert minimal(StatusMessage=None, New=None, EvaluationResult={"F1Score": None}, OutputConfig=None) == minimal()


def test_text_is_carried_as_it_is() -> None:
    """Other scripts, emoji and empty texts."""
    version = minimal(StatusMessage="モデル 🚀 größer", VersionDescription="")

    assert (version.status_message, version.version_description) == ("モデル 🚀 größer", "")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (None, "null is not a description of a version"),
        ("text", "'text' is not a description of a version"),
        (["x" * 200], f"['{'x' * 98}… is not a description of a version"),
        ({}, "there is no ProjectVersionArn"),
        ({"ProjectVersionArn": None}, "there is no ProjectVersionArn"),
        ({"ProjectVersionArn": 5}, "the ProjectVersionArn 5 is not the ARN of a project version"),
        (
            {"ProjectVersionArn": PROJECT_ARN},
            f"the ProjectVersionArn '{PROJECT_ARN}' is not the ARN of a project version",
        ),
    ],
)
def test_what_is_no_version_is_told(entry: Any, message: str) -> None:
    """Where it stood and what is wrong with it; the versions beside it stand."""
    read = parse_entries([wire_entry(), entry], page=3)

    assert read == Entries(versions=(parse_version(wire_entry()),), malformed=(f"entry 1 of page 3: {message}",))


def test_a_version_that_is_there_twice_counts_once() -> None:
    """In the place of the first, as the last one says."""
    entries = [
        wire_entry(ProjectVersionArn=version_arn(2), Status="STARTING"),
        wire_entry(ProjectVersionArn=version_arn(1), Status="STOPPED"),
        wire_entry(ProjectVersionArn=version_arn(2), Status="RUNNING"),
    ]

    versions = parse_entries(entries).versions

    assert [(version.name, str(version.status)) for version in versions] == [("v2", "RUNNING"), ("v1", "STOPPED")]
