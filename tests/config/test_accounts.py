from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.config.estimating import estimate
from monitor.config.masking import masked
from monitor.config.model import Account, Discover
from tests.config.examples import ARN, SMALLEST, load

if TYPE_CHECKING:
    from pathlib import Path

ROLE = "arn:aws:iam::111122223333:role/monitor"
SHORT = f"accounts: [{{name: a, role_arn: '{ROLE}', regions: [us-east-1], discover: {{}}}}]\n"
FOUND = ARN.replace("my-project", "found")


def test_a_file_may_have_accounts_alone() -> None:
    """Their projects are discovered; both kinds of project are, unless the file says otherwise."""
    config = load(SHORT).config
    assert config.accounts == (Account(name="a", role_arn=ROLE, regions=("us-east-1",), discover=Discover()),)
    assert config.projects == ()
    assert Discover().features == ("CUSTOM_LABELS", "CONTENT_MODERATION")


def test_the_configuration_is_shown_as_it_is() -> None:
    """What `/config` shows loads again to the same."""
    text = SHORT + "aws: {fips: true, profile: p}\nprojects: [{arn: '" + ARN + "', account: a}]\n"
    assert load(masked(load(text).config)).config == load(text).config


TWICE = """accounts:
- {name: a, profile: p, regions: [us-east-1], discover: {}}
- {name: b, profile: p, regions: [eu-west-1, us-east-1], discover: {}}
"""


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (
            SHORT.replace("us-east-1", "us-eats-1"),
            "1: accounts[0].regions[0]",
            "us-eats-1 is not a region where Rekognition is known to be; did you mean us-east-1? check it",
        ),
        (
            "accounts: [{name: a, regions: [cn-north-1], discover: {}}]\n",
            "1: accounts[0].regions[0]",
            "Rekognition is not offered in the partition aws-cn: check it",
        ),
        (TWICE, "3: accounts[1].regions[1]", "accounts[0] discovers with the same credentials in us-east-1: "),
        (
            SHORT.replace("regions", "external_id_file: none, regions"),
            "1: accounts[0].external_id_file",
            "none cannot be found: No such file or directory: make it before the monitor starts",
        ),
    ],
)
def test_what_looks_like_a_mistake_is_told(
    text: str, place: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And accepted."""
    monkeypatch.chdir(tmp_path)
    [warning] = load(text).warnings
    assert warning.startswith(f"monitor.yaml:{place}: {said}")


def test_a_sink_may_name_projects_that_are_yet_to_be_found() -> None:
    """Nobody knows the names before the first discovery."""
    sinks = "sinks: [{name: f, type: file, path: /x, projects: [later]}]\n"
    doubts = [any("is the name or ARN of no project" in each for each in load(text + sinks).warnings)
              for text in (SMALLEST, SHORT)]  # fmt: skip
    assert doubts == [True, False]


def test_discoveries_count_as_calls() -> None:
    """One for each region and time; with the projects that were found, those too, each once."""
    config = load(SHORT + f"projects: [{{arn: '{ARN}', account: a}}]\n").config
    before, after = estimate(config), estimate(config, {"a": [ARN, FOUND]})

    assert [(each.projects, each.calls_per_hour, each.discoveries_per_hour) for each in (*before, *after)] == [
        (1, 13, 1),
        (2, 25, 1),
    ]


def test_an_account_without_a_known_id_stands_under_its_name() -> None:
    """Until somebody has asked STS, or found a project."""
    config = load("accounts: [{name: b, profile: p, regions: [us-east-1], discover: {every: 30m}}]\n").config
    named, known = estimate(config), estimate(config, {"b": [FOUND]})

    assert [each.endpoint for each in (*named, *known)] == [
        "arn:aws:rekognition:us-east-1:b",
        "arn:aws:rekognition:us-east-1:111122223333",
    ]
    assert (named[0].discoveries_per_hour, known[0].calls_per_hour) == (2, 14)
