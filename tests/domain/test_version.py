from __future__ import annotations

from datetime import UTC, datetime

from tests.builders import T0, version, version_arn


def test_aws_s_time_of_creation_is_taken_first() -> None:
    """The field is the source where AWS gives it."""
    assert version(creation_timestamp=T0).created_at == T0


def test_the_arn_stands_in_for_a_missing_time_of_creation() -> None:
    """Without the field, the ARN's digits say when the version was created."""
    bare = version(arn=version_arn(created_ms=1690556751958))

    assert bare.created_at == datetime(2023, 7, 28, 15, 5, 51, 958000, UTC)
