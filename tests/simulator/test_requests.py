from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from monitor.simulator.refusals import Refusal
from monitor.simulator.requests import MEMBERS, check
from tests.simulator.rig import OUTPUT, PROJECT

_VERSION = PROJECT.replace("/1690474772815", "/version/1/1690556751958")


@pytest.mark.parametrize("operation", MEMBERS)
def test_the_constraints_are_those_of_botocores_model(operation: str) -> None:
    """Required members, bounds and enumerations; botocore itself checks only a part of them."""
    shape = botocore.session.get_session().get_service_model("rekognition").operation_model(operation).input_shape
    assert shape is not None
    modelled = {name: member for name, member in shape.members.items() if name in {m.name for m in MEMBERS[operation]}}

    assert {m.name: (m.required, m.low, m.high, set(m.choices)) for m in MEMBERS[operation]} == {
        name: (
            name in shape.required_members,
            member.metadata.get("min"),
            member.metadata.get("max"),
            set(getattr(getattr(member, "member", member), "enum", ())),
        )
        for name, member in modelled.items()
    }


@pytest.mark.parametrize(
    ("operation", "request_", "message"),
    [
        (
            "DescribeProjectVersions",
            {"ProjectArn": PROJECT, "MaxResults": 101},
            (
                "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: "
                "Member must have value less than or equal to 100"
            ),
        ),
        (
            "DescribeProjectVersions",
            {"MaxResults": 0},
            (
                "2 validation errors detected: Value null at 'projectArn' failed to satisfy constraint: Member must "
                "not be null; Value '0' at 'maxResults' failed to satisfy constraint: "
                "Member must have value greater than or equal to 1"
            ),
        ),
        (
            "DescribeProjectVersions",
            {"ProjectArn": PROJECT, "VersionNames": ["v"] * 11},
            (
                f"1 validation error detected: Value '{['v'] * 11}' at 'versionNames' failed to satisfy constraint: "
                "Member must have length less than or equal to 10"
            ),
        ),
        (
            "DescribeProjects",
            {"Features": ["TEXT"]},
            (
                "1 validation error detected: Value '['TEXT']' at 'features' failed to satisfy constraint: "
                "Member must satisfy enum value set: [CUSTOM_LABELS, CONTENT_MODERATION]"
            ),
        ),
    ],
)
def test_a_breach_is_told_in_awss_words(operation: str, request_: dict[str, Any], message: str) -> None:
    """All breaches at once."""
    with pytest.raises(Refusal) as refused:
        check(operation, request_)

    assert (refused.value.code, refused.value.message) == ("ValidationException", message)


def test_an_arn_that_is_none_breaches_its_pattern() -> None:
    """A version's ARN is not a project's."""
    with pytest.raises(Refusal, match="Member must satisfy regular expression pattern"):
        check("DescribeProjectVersions", {"ProjectArn": _VERSION})


@pytest.mark.parametrize("value", ["5", 5.5, True, [5]])
def test_a_wrong_type_cannot_be_read(value: object) -> None:
    """JSON's true is no number."""
    with pytest.raises(Refusal, match="SerializationException: MaxResults is not of the type int"):
        check("DescribeProjects", {"MaxResults": value})


def test_what_is_right_passes() -> None:
    """Members that the simulator does not know too."""
    check("CreateProjectVersion", {"ProjectArn": PROJECT, "VersionName": "1", "OutputConfig": OUTPUT, "Tags": {}})
