from __future__ import annotations

import pytest

from monitor.domain.console import console_url
from tests.builders import project, project_arn


@pytest.mark.parametrize(
    ("partition", "region", "expected"),
    [
        (
            "aws",
            "eu-west-1",
            "https://eu-west-1.console.aws.amazon.com/rekognition/custom-labels?region=eu-west-1#/projects",
        ),
        (
            "aws-us-gov",
            "us-gov-west-1",
            "https://us-gov-west-1.console.amazonaws-us-gov.com/rekognition/custom-labels?region=us-gov-west-1#/projects",
        ),
        ("aws-cn", "cn-north-1", None),
    ],
)
def test_the_link_goes_to_the_region_s_console(partition: str, region: str, expected: str | None) -> None:
    """Each partition has a console of its own; for one that is not known no link is made up."""
    assert console_url(project(project_arn(partition=partition, region=region))) == expected
