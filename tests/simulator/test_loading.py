from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.errors import ConfigError
from monitor.simulator import Scenario, load_scenario, shipped_scenario
from monitor.simulator.documents import VERSION_FIELDS

if TYPE_CHECKING:
    from pathlib import Path


def _problems(tmp_path: Path, text: str) -> list[str]:
    """What is wrong with a file of *text*, without the file's name."""
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_scenario(path)
    assert all(problem.startswith(f"{path}: ") for problem in refused.value.problems)
    return [problem.removeprefix(f"{path}: ") for problem in refused.value.problems]


def test_an_empty_file_is_an_empty_world(tmp_path: Path) -> None:
    """Everything has a default."""
    path = tmp_path / "scenario.yaml"
    path.touch()

    assert load_scenario(path) == Scenario()


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("sped: 60", ["sped: unknown key; did you mean `speed`?"]),
        ("xyzzy: 60", ["xyzzy: unknown key"]),
        ("speed: 0", ["speed: Input should be greater than or equal to 0.001"]),
        ("speed: .inf", ["speed: Input should be less than or equal to 100000"]),
        ("[]", ["the file: Input should be a valid dictionary or instance of Scenario"]),
        ("account: 111122223333", ['account: Input should be a valid string; write it in quotes: "111122223333"']),
        ("projects: [{}]", ["projects.0: a project has either an `arn` or a `name`"]),
        (
            "projects: [{name: a, arn: 'arn:aws:rekognition:us-east-1:111122223333:project/a/1'}]",
            ["projects.0: a project has either an `arn` or a `name`"],
        ),
        (
            "projects: [{arn: nonsense}]",
            ["projects.0: 'nonsense' is not a project ARN (arn:aws:rekognition:REGION:ACCOUNT:project/NAME/DIGITS)"],
        ),
        (
            "projects: [{arn: 'arn:aws:rekognition:us-east-1:111122223333:project/a/1', region: us-east-1}]",
            ["projects.0: `account` and `region` go with a `name`; an `arn` holds them already"],
        ),
        (
            "projects: [{name: a}, {name: a}]",
            [
                (
                    "the file: the same project more than once: "
                    "arn:aws:rekognition:us-east-1:111122223333:project/a/1767225600000"
                )
            ],
        ),
        (
            "projects: [{name: a, versions: [{name: b, status: RUNNING}, {name: b, status: STOPPED}]}]",
            ["projects.0: versions with the same name: b"],
        ),
        (
            "projects: [{name: a, versions: [{name: b}]}]",
            ["projects.0.versions.0: version b never has a status; give it a `status`, or a step that does"],
        ),
        (
            "projects: [{name: a, versions: [{name: b, status: RUNNING, fields: {colour: red}}]}]",
            [
                (
                    "projects.0.versions.0.fields: no such field of a project version: colour; "
                    f"known: {', '.join(VERSION_FIELDS)}"
                )
            ],
        ),
        (
            "projects: [{name: a, versions: [{name: b, status: A, steps: [{after: 5, gone: true}]}]}]",
            ["projects.0.versions.0.steps.0.after: 5 is not a duration; write it like 500ms, 30s, 5m, 1h or 90d"],
        ),
        (
            "projects: [{name: a, versions: [{name: b, status: A, steps: [{after: 5s}]}]}]",
            [
                (
                    "projects.0.versions.0.steps.0: "
                    "a step changes `status`, `message` or `fields`, or it says `gone: true`; one of both"
                )
            ],
        ),
        (
            "projects: [{name: a, versions: [{name: b, status: A, repeat: true, steps: [{after: 0s, status: B}]}]}]",
            ["projects.0.versions.0: the steps of b repeat without taking any time; give one a longer `after`"],
        ),
        (
            "faults: [{kind: error}, {kind: latency}, {kind: rest, fro: 5s}]",
            [
                "faults.0: a fault of kind `error` needs a `code`, such as ThrottlingException",
                "faults.1: a fault of kind `latency` needs a `delay`, such as 2s",
                (
                    "faults.2.kind: Input should be 'error', 'latency', 'reset', 'hang', 'truncated', 'empty', "
                    "'no_content', 'html', 'not_json', 'wrong_json', 'missing_list', 'null_list', 'string_list', "
                    "'null_item', 'missing_arn', 'bad_timestamp', 'repeated_token' or 'expired_token'"
                ),
                "faults.2.fro: unknown key; did you mean `from`?",
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_key(tmp_path: Path, text: str, problems: list[str]) -> None:
    """All of it at once."""
    assert _problems(tmp_path, text) == problems


def test_what_is_not_yaml_is_told_with_its_place(tmp_path: Path) -> None:
    """Line and column are the parser's own."""
    problems = _problems(tmp_path, "speed: [1")

    assert problems[0].startswith("is not YAML: while parsing a flow sequence")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the system's reason."""
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read: .*No such file or directory"):
        load_scenario(tmp_path / "nowhere.yaml")


def test_a_scenario_that_is_not_shipped_is_refused_with_those_that_are() -> None:
    """So that one need not look for them."""
    with pytest.raises(ConfigError) as refused:
        shipped_scenario("good-day")

    assert refused.value.problems == (
        "no scenario named 'good-day' is shipped; there are: bad-day, life-of-everything, quiet-fleet",
    )
