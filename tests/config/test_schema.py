from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.config.schema import render_schema, schema
from tests.config.examples import SMALLEST
from tests.dialect import dialect

HOME = Path(__file__).parents[2]


def faults(text: str) -> list[list[Any]]:
    found = dialect()(schema()).iter_errors(yaml.safe_load(text))
    return sorted(list(error.absolute_path) for error in found)


def test_file_is_current() -> None:
    """config/monitor.schema.json is what the models give; `make docs` writes it again."""
    assert render_schema() == (HOME / "config" / "monitor.schema.json").read_text(encoding="utf-8")


def test_it_is_a_schema() -> None:
    """Of the dialect that it names."""
    dialect().check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_example_is_valid() -> None:
    """An editor that follows the first line of the example finds nothing to complain of."""
    text = (HOME / "config" / "monitor.yaml").read_text(encoding="utf-8")
    assert (text.splitlines()[0], faults(text)) == ("# yaml-language-server: $schema=monitor.schema.json", [])


def test_values_from_the_environment_are_valid() -> None:
    """Wherever the program reads a value from text."""
    text = SMALLEST + "poll:\n  workers: ${W}\n  interval: ${I}\nlog:\n  level: ${L}\n"
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("projects: []\n", [[]]),
        ("accounts: [{name: a}]\n", [[]]),
        ("accounts: [{name: a, regions: [us-east-1], discover: {every: 1}}]\n", [["accounts", 0, "discover"]]),
        (SMALLEST + "poll: {interval: 300, colour: red}\n", [["poll"], ["poll", "interval"]]),
        (SMALLEST + "sinks: [{name: a, type: file}]\n", [["sinks", 0]]),
        ("projects: [{arn: x}]\n", [["projects", 0, "arn"]]),
    ],
)
def test_mistakes_are_found(text: str, expected: list[list[Any]]) -> None:
    """Missing and unknown keys, wrong types."""
    assert expected == faults(text)


def test_every_key_is_described() -> None:
    """An editor has something to show."""
    sections = [schema(), *(part for name, part in schema()["$defs"].items() if name != "FromEnvironment")]
    bare = [
        name
        for part in sections
        for name, key in part["properties"].items()
        if not {"description", "$ref"} & key.keys()
    ]
    assert bare == []
