"""`docs/sinks.md` against the program."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from monitor.dispatcher import UNEXPECTED
from monitor.sinks import apprise, eventbridge, file, sns
from monitor.sinks.log import facts
from tests.event_examples import examples
from tests.fakes_outbox import a_message, an_event

REFERENCE = Path(__file__).parents[2] / "docs" / "sinks.md"


@pytest.fixture(scope="module")
def reference() -> str:
    return REFERENCE.read_text(encoding="utf-8")


def test_every_reason_is_told(reference: str) -> None:
    """The table has each reason that a sink or the dispatcher gives, and no other."""
    told = re.findall(r"^\| `(\w+)` \| [A-Z]", reference, flags=re.MULTILINE)
    reasons = {*file.REASONS, *apprise.REASONS, *sns.REASONS, *eventbridge.REASONS, UNEXPECTED}
    assert reasons == reasons & set(told)


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
