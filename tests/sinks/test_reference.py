"""`docs/sinks.md` against the program."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import indent

import pytest

from monitor.dispatcher import UNEXPECTED
from monitor.sinks import apprise, eventbridge, file, sns, webhook
from monitor.sinks.log import facts
from tests.config.examples import SMALLEST, load
from tests.event_examples import examples
from tests.fakes_outbox import a_message, an_event

REFERENCE = Path(__file__).parents[2] / "docs" / "sinks.md"


@pytest.fixture(scope="module")
def reference() -> str:
    return REFERENCE.read_text(encoding="utf-8")


def test_every_reason_is_told(reference: str) -> None:
    """The table has each reason that a sink or the dispatcher gives, and no other."""
    told = re.findall(r"^\| `(\w+)` \| [A-Z]", reference, flags=re.MULTILINE)
    reasons = {*file.REASONS, *apprise.REASONS, *sns.REASONS, *eventbridge.REASONS, *webhook.REASONS}
    assert reasons | {UNEXPECTED} <= set(told)


def test_every_example_is_accepted(reference: str) -> None:
    """The settings of sinks that it shows, each as a file of its own."""
    examples = re.findall(r"```yaml\n(sinks:.*?)```", reference, flags=re.DOTALL)
    environment = {"INGEST_TOKEN": "x", "BOARD_URL": "https://h/x", "VISION_TEAMS_URL": "msteams://a/b/c/d"}
    names = [[sink.name for sink in load(SMALLEST + each, environment).config.sinks] for each in examples]
    assert ["ops", "warehouse", "board", "log"] in names


def test_the_receiver_is_that_of_the_example(reference: str) -> None:
    """The function in the text is the one that is tested."""
    shown = re.search(r"```python\n(.*?)```", reference, flags=re.DOTALL)
    assert shown
    assert indent(shown[1], "    ") in (REFERENCE.parent / "examples" / "receiver.py").read_text(encoding="utf-8")


def test_the_line_of_the_log_is_current(reference: str) -> None:
    """The example has the members that the sink writes, and the values of the example of the event."""
    found = re.search(r"```json\n(.*?)```", reference, flags=re.DOTALL)
    assert found
    shown = json.loads(found[1])
    event = examples()["rekognition.project_version.status_changed"]
    expected = {
        "event": "event.emitted",
        "level": "info",
        "from": event["data"]["from"],
        "to": event["data"]["to"],
        "summary": event["data"]["summary"],
        "id": event["id"],
    }
    assert expected == {name: shown[name] for name in expected}
    assert set(facts(a_message(an_event()))) <= set(shown)
