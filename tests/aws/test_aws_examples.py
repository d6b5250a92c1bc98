from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from botocore.loaders import create_loader
from botocore.model import ServiceModel
from botocore.parsers import JSONParser

from tests.aws_examples import PROJECT_ARN, VERSION_ARN, version_arn, wire_answer, wire_entry

PUBLISHED = json.loads((Path(__file__).parent.parent / "data" / "aws" / "DescribeProjectVersions.json").read_text())


def test_times_are_numbers_on_the_wire() -> None:
    """2023-07-28T08:05:51.958-07:00 and 08:33:10.827, in seconds since the epoch."""
    entry = wire_entry()

    assert (entry["CreationTimestamp"], entry["TrainingEndTimestamp"]) == (1690556751.958, 1690558390.827)


def test_everything_else_is_as_aws_published_it() -> None:
    """Only the two times differ from the file."""
    answer = wire_answer()
    published = PUBLISHED["output"]
    for name in ("CreationTimestamp", "TrainingEndTimestamp"):
        answer["ProjectVersionDescriptions"][0][name] = published["ProjectVersionDescriptions"][0][name]

    assert answer == published


def test_botocore_reads_the_wire_form_as_aws_published_it() -> None:
    """The published times come out again when botocore reads the answer."""
    model = ServiceModel(create_loader().load_service_model("rekognition", "service-2"))
    shape = model.operation_model("DescribeProjectVersions").output_shape
    assert shape is not None
    response = {"status_code": 200, "headers": {}, "body": json.dumps(wire_answer()).encode()}

    version = JSONParser().parse(response, shape)["ProjectVersionDescriptions"][0]

    assert version["CreationTimestamp"] == datetime.fromisoformat("2023-07-28T08:05:51.958-07:00")
    assert version["TrainingEndTimestamp"] == datetime(2023, 7, 28, 15, 33, 10, 827000, tzinfo=UTC)


def test_the_arns_are_those_of_the_answer() -> None:
    """The constants name the project that was asked for and the version that was answered."""
    assert (PROJECT_ARN, VERSION_ARN) == (PUBLISHED["input"]["ProjectArn"], wire_entry()["ProjectVersionArn"])


def test_a_copy_can_be_changed() -> None:
    """What one test changes, no other sees."""
    wire_answer()["ProjectVersionDescriptions"].clear()

    assert wire_entry(Status="RUNNING", ProjectVersionArn=version_arn(1)) == {
        **wire_answer()["ProjectVersionDescriptions"][0],
        "Status": "RUNNING",
        "ProjectVersionArn": "arn:aws:rekognition:us-east-1:111122223333:project/my-project/version/v1/1690556751959",
    }
