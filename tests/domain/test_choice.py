from __future__ import annotations

import pytest

from monitor.domain.choice import Choice
from tests.builders import PROJECT_ARN, project, version, version_arn

PROJECT = project(labels={"team": "vision"}, account="production")
VERSION = version("prod-1", "STOPPED", status_message="Ran out of Memory", feature="CUSTOM_LABELS")


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        (Choice(), True),
        (Choice(accounts=("111122223333", "444455556666")), True),
        (Choice(accounts=("production",)), True),
        (Choice(accounts=("",)), False),
        (Choice(accounts=("444455556666",)), False),
        (Choice(regions=("eu-west-1", "us-east-1")), True),
        (Choice(regions=("us-east-*",)), False),
        (Choice(labels={"team": "vision"}), True),
        (Choice(labels={"team": "vision", "tier": "1"}), False),
        (Choice(projects=("other", "getting-*")), True),
        (Choice(projects=(PROJECT_ARN,)), True),
        (Choice(projects=("getting",)), False),
        (Choice(projects=("getting-*",), regions=("eu-west-1",)), False),
    ],
)
def test_a_project_has_to_fit_in_every_way(choice: Choice, *, wanted: bool) -> None:
    """One of several values is enough, but of labels all have to be there."""
    assert choice.wants_project(PROJECT) == wanted


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        (Choice(), True),
        (Choice(versions=("prod-?",)), True),
        (Choice(versions=(version_arn("prod-1"),)), True),
        (Choice(versions=("prod",)), False),
        (Choice(statuses=("running", "stopped")), True),
        (Choice(statuses=("RUNNING",)), False),
        (Choice(text="memory vision us-east"), True),
        (Choice(text="memory custom_labels stopped"), True),
        (Choice(text="memory lost"), False),
        (Choice(text="memory", versions=("other",)), False),
    ],
)
def test_a_version_has_to_fit_in_every_way(choice: Choice, *, wanted: bool) -> None:
    """All words of a text have to be somewhere, in whatever case."""
    assert choice.wants_version(PROJECT, VERSION) == wanted


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("under-way", ["TRAINING_IN_PROGRESS", "STARTING"]),
        ("failed-or-expired", ["FAILED", "EXPIRED"]),
        ("UNUSUAL", ["DEPRECATED", "BRAND_NEW"]),
    ],
)
def test_a_word_may_stand_for_several_statuses(group: str, expected: list[str]) -> None:
    """What is under way, what went wrong, and what is strange."""
    words = ["TRAINING_IN_PROGRESS", "STARTING", "RUNNING", "STOPPED", "FAILED", "EXPIRED", "DEPRECATED", "BRAND_NEW"]
    choice = Choice(statuses=(group,))
    assert expected == [word for word in words if choice.wants_version(PROJECT, version(status=word))]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), False),
        (Choice(regions=("us-east-1",)), False),
        (Choice(text="x"), True),
        (Choice(statuses=("RUNNING",)), True),
        (Choice(versions=("*",)), True),
    ],
)
def test_who_asks_for_versions_wants_no_empty_project(choice: Choice, *, expected: bool) -> None:
    """Who asks for projects wants those too."""
    assert choice.about_versions == expected
