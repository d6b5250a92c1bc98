"""What `docs/sinks.md` says of topics and buses, against the program."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from monitor.config.sinks import SINKS
from monitor.domain.events import EventType
from monitor.sinks.eventbridge import detail_type
from monitor.sinks.shortening import ORDER
from monitor.sinks.sns import attributes
from tests.sinks.messages import example

ROOT: Final = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """The text below each heading of the second level."""
    parts = re.split(r"^## (.*)$", (ROOT / "docs" / "sinks.md").read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def rows(text: str) -> dict[str, str]:
    """The first two cells of each row that begins with a word in backticks."""
    return dict(re.findall(r"^\| `([\w.-]+)` \| `([^`]*)` \|$", text, flags=re.MULTILINE))


@pytest.mark.parametrize("kind", ["sns", "eventbridge"])
def test_the_examples_are_accepted(sections: dict[str, str], kind: str) -> None:
    """By the models that read the configuration."""
    written: list[dict[str, Any]] = yaml.safe_load(blocks(sections[f"`{kind}`"], "yaml")[0])["sinks"]
    assert {kind} == {sink["type"] for sink in written}
    for sink in written:
        SINKS[kind].model_validate(sink)


@pytest.mark.parametrize("kind", ["sns", "eventbridge"])
def test_the_policies_are_those_that_are_shipped(sections: dict[str, str], kind: str) -> None:
    """Letter by letter."""
    shipped = (ROOT / "deploy" / "iam" / f"sink-{kind}.json").read_text("utf-8")
    assert shipped in blocks(sections[f"`{kind}`"], "json")


def test_the_attributes(sections: dict[str, str]) -> None:
    """Each that a message can have."""
    table = sections["`sns`"].partition("| attribute |")[2].partition("\n\n")[0]
    assert list(attributes(example())) == re.findall(r"`(\w+)`", table)


def test_the_detail_types(sections: dict[str, str]) -> None:
    """Each type of event."""
    told = rows(sections["`eventbridge`"])
    assert {str(each): detail_type(each) for each in EventType} == told


def test_the_rule_names_what_there_is(sections: dict[str, str]) -> None:
    """The example would match an event of the example's project."""
    (rule,) = (
        block for text in blocks(sections["`eventbridge`"], "json") if "detail-type" in (block := json.loads(text))
    )
    event = example()
    assert [detail_type(EventType.VERSION_STATUS_CHANGED)] == rule["detail-type"]
    assert [event["source"]] == rule["resources"]
    assert event["data"]["to"] in rule["detail"]["data"]["to"]


def test_the_order_of_shortening(sections: dict[str, str]) -> None:
    """What is left out, one after the other."""
    told = re.findall(r"^\d+\. `([\w.]+)`$", sections["Sinks on AWS"], flags=re.MULTILINE)
    assert [".".join(path) for path in ORDER] == told
