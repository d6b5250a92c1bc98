from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.account import Place
from monitor.domain.project import (
    Project,
    creation_time,
    endpoint_of,
    everything_at,
    is_version_arn,
    parse_project,
    version_name,
)
from tests.builders import PROJECT_ARN, project, project_arn, version_arn

NO_PROJECTS = [
    "",
    "getting-started",
    PROJECT_ARN + "\n",
    PROJECT_ARN.replace("111122223333", "11112222333"),
    PROJECT_ARN.replace("111122223333", "１１１１２２２２３３３３"),  # noqa: RUF001 - digits, but not ASCII's
    PROJECT_ARN.replace("rekognition", "lookoutvision"),
    PROJECT_ARN.replace("getting-started", "a" * 256),
    PROJECT_ARN.replace("getting-started", "no spaces"),
    PROJECT_ARN.rpartition("/")[0],
    version_arn(),
]

NO_VERSIONS = ["", "v1", PROJECT_ARN, version_arn() + "\n", version_arn().rpartition("/")[0], version_arn("a" * 256)]


def test_everything_is_read_from_the_arn() -> None:
    """A project's ARN gives its partition, region, account, name and time of creation."""
    expected = Project(
        arn="arn:aws-us-gov:rekognition:us-gov-west-1:111122223333:project/a.b_c-D/1690474772815",
        partition="aws-us-gov",
        region="us-gov-west-1",
        account_id="111122223333",
        name="a.b_c-D",
        created_ms=1690474772815,
    )

    assert parse_project(expected.arn) == expected


def test_settings_are_kept_beside_the_arn() -> None:
    """What the operator says of a project goes with it."""
    watched = parse_project(
        PROJECT_ARN,
        labels={"team": "vision"},
        patterns=("prod-*",),
        interval=timedelta(minutes=1),
        transition_interval=timedelta(seconds=10),
    )

    assert (watched.labels, watched.patterns, watched.interval, watched.transition_interval) == (
        {"team": "vision"},
        ("prod-*",),
        timedelta(minutes=1),
        timedelta(seconds=10),
    )


@pytest.mark.parametrize("text", NO_PROJECTS)
def test_what_is_no_project_arn_is_refused(text: str) -> None:
    """Anything but the ARN of a project is refused and named."""
    with pytest.raises(ValueError, match=r"is not the ARN of a Rekognition project$"):
        parse_project(text)


def test_the_endpoint_is_the_account_and_region() -> None:
    """Projects that share credentials, a quota and an address have one endpoint, others another."""
    arns = [
        project_arn("one"),
        project_arn("two"),
        project_arn("one", region="eu-west-1"),
        project_arn("one", account_id="444455556666"),
        project_arn("one", partition="aws-cn"),
    ]

    assert [project(arn).endpoint for arn in arns] == [
        "arn:aws:rekognition:us-east-1:111122223333",
        "arn:aws:rekognition:us-east-1:111122223333",
        "arn:aws:rekognition:eu-west-1:111122223333",
        "arn:aws:rekognition:us-east-1:444455556666",
        "arn:aws-cn:rekognition:us-east-1:111122223333",
    ]


@pytest.mark.parametrize(
    ("patterns", "watched"),
    [
        ((), ["prod-1", "PROD-2", "scratch-1"]),
        (("*",), ["prod-1", "PROD-2", "scratch-1"]),
        (("prod-*",), ["prod-1"]),
        (("prod-[0-9]", "scratch-1"), ["prod-1", "scratch-1"]),
        (("prod",), []),
    ],
)
def test_patterns_choose_the_versions_that_are_told_about(patterns: tuple[str, ...], watched: list[str]) -> None:
    """A version is watched when any pattern fits its whole name as it is written, and always where there is none."""
    chosen = [name for name in ("prod-1", "PROD-2", "scratch-1") if project(patterns=patterns).watches(name)]

    assert chosen == watched


def test_a_version_s_name_is_read_from_its_arn() -> None:
    """The name stands after `version/`, also where the project is called so."""
    arn = version_arn("version", of=project_arn("version"))

    assert (is_version_arn(arn), version_name(arn)) == (True, "version")


@pytest.mark.parametrize("text", NO_VERSIONS)
def test_what_is_no_version_arn_is_refused(text: str) -> None:
    """Anything but the ARN of a version is refused and named."""
    assert not is_version_arn(text)
    with pytest.raises(ValueError, match=r"is not the ARN of a Rekognition project version$"):
        version_name(text)


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (version_arn(created_ms=1690556751958), datetime(2023, 7, 28, 15, 5, 51, 958000, UTC)),
        ("anything/0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("anything/", None),
        ("anything/-1", None),
        ("anything/1.5", None),
        ("anything/²", None),
        ("anything/" + "9" * 18, None),
        ("anything/" + "9" * 400, None),
        ("anything/" + "9" * 5000, None),
    ],
    ids=lambda value: str(value)[:60],
)
def test_the_time_of_creation_is_the_end_of_the_arn(arn: str, expected: datetime | None) -> None:
    """The digits are milliseconds since the epoch; what is no time of the calendar gives none."""
    assert creation_time(arn) == expected


def test_everything_of_a_place_is_a_project_of_no_name() -> None:
    """In the form of an ARN that IAM has for all projects; its endpoint is the place's."""
    place = Place(account="production", account_id="111122223333", region="us-east-1")
    everything = everything_at(place)
    assert ("arn:aws:rekognition:us-east-1:111122223333:project/*", "*", "production") == (
        everything.arn,
        everything.name,
        everything.account,
    )
    assert place.endpoint == everything.endpoint == endpoint_of(everything.arn)


def test_an_account_goes_by_its_name_until_its_id_is_known() -> None:
    """In the endpoint, and in events."""
    everything = everything_at(Place(account="staging", account_id="", region="us-east-1"))
    assert ("arn:aws:rekognition:us-east-1:staging", "staging") == (everything.endpoint, everything.account_id)
