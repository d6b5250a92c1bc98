from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.account import OWN, Account, Discovery, Place, partition_of
from monitor.domain.project import parse_project
from tests.builders import project_arn

ALL = Discovery(include=("*",), exclude=(), features=("CUSTOM_LABELS",), every=timedelta(hours=1))


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("us-gov-west-1", "aws-us-gov"),
        ("cn-north-1", "aws-cn"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_a_region_is_in_one_partition(region: str, partition: str) -> None:
    """By the beginning of its name."""
    assert partition_of(region) == partition


def test_a_place_is_named_as_the_projects_in_it() -> None:
    """What shares a budget and a fault; the account's name stands in for an id that nobody knows."""
    project = parse_project(project_arn("a"), account="production")
    unknown = Place(account="production", account_id="", region="us-gov-west-1")

    assert project.place == Place(account="production", account_id=project.account_id, region=project.region)
    assert project.place.endpoint == project.endpoint
    assert unknown.endpoint == "arn:aws-us-gov:rekognition:us-gov-west-1:production"
    assert unknown.key == "production/us-gov-west-1"
    assert parse_project(project_arn("a")).account == OWN


def test_an_account_is_discovered_in_its_regions() -> None:
    """In none, when it watches listed projects only."""
    account = Account(name="production", account_id="111122223333", regions=("us-east-1", "eu-west-1"), discovery=ALL)
    listed = Account(name="production", regions=("us-east-1",))

    assert [place.endpoint for place in account.places] == [
        "arn:aws:rekognition:us-east-1:111122223333",
        "arn:aws:rekognition:eu-west-1:111122223333",
    ]
    assert listed.places == ()


@pytest.mark.parametrize(
    ("include", "exclude", "wanted"),
    [
        (("*",), (), ["shop", "scratch-1", "Shop"]),
        (("shop",), (), ["shop"]),
        (("*",), ("scratch-*", "S*"), ["shop"]),
        (("till",), (), []),
    ],
)
def test_names_say_what_is_wanted(include: tuple[str, ...], exclude: tuple[str, ...], wanted: list[str]) -> None:
    """One pattern takes a project in, and any of the others leaves it out; case counts."""
    discovery = Discovery(include=include, exclude=exclude, features=(), every=timedelta(hours=1))
    assert [name for name in ("shop", "scratch-1", "Shop") if discovery.wants(name)] == wanted


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        ({"team": "vision-2", "watch": "yes"}, True),
        ({"team": "vision"}, False),
        ({"watch": "no", "team": "vision"}, False),
    ],
)
def test_tags_say_what_is_wanted(tags: dict[str, str], *, wanted: bool) -> None:
    """Each tag that is asked for has to be there, with a value that fits."""
    discovery = Discovery(
        include=("*",), exclude=(), features=(), every=timedelta(hours=1), tags={"team": "vision*", "watch": "yes"}
    )
    assert discovery.wants_tagged(tags) is wanted
    assert ALL.wants_tagged({})
