from __future__ import annotations

import pytest

from monitor.simulator.arns import ProjectArn, stamp_of
from tests.simulator.rig import PROJECT, START


def test_a_project_arn_is_read_and_written_unchanged() -> None:
    """Parsing and printing are inverse."""
    arn = ProjectArn.parse(PROJECT)

    assert (arn.name, arn.stamp, str(arn)) == ("my-project", 1690474772815, PROJECT)


def test_a_version_arn_ends_with_the_creation_of_the_version() -> None:
    """The digits at the end are the version's own."""
    arn = ProjectArn.parse(PROJECT).version("1", stamp_of(START))

    assert arn == "arn:aws:rekognition:us-east-1:111122223333:project/my-project/version/1/1795284000000"


@pytest.mark.parametrize("text", ["", "my-project", PROJECT + "/version/1/2", PROJECT.replace("1111", "\u0661" * 4)])
def test_what_is_not_a_project_arn_is_refused(text: str) -> None:
    """The error says what an ARN looks like."""
    with pytest.raises(ValueError, match="is not a project ARN"):
        ProjectArn.parse(text)
