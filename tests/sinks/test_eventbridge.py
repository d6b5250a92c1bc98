from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from monitor.domain.events import EventType
from monitor.sinks.eventbridge import EventBridgeSink, detail_type, resources_of
from monitor.sinks.publishing import LIMIT
from tests.sinks.messages import Published, example, message_of

CHANGED = example()


def put(*events: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries that the sink makes of *events*."""
    publisher = Published()
    sink = EventBridgeSink(publisher=publisher, source="models")
    assert {} == sink.deliver([message_of(event, index) for index, event in enumerate(events)])
    return [dict(entry) for entry in publisher.entries]


def size(entry: dict[str, Any]) -> int:
    """As the User Guide says."""
    texts = (entry["Source"], entry["DetailType"], entry["Detail"], *entry["Resources"])
    return 14 + sum(len(text.encode()) for text in texts)


def test_an_entry() -> None:
    """The event whole in `detail`, under the time it was seen and the ARNs it is about."""
    assert [
        {
            "Time": datetime(2026, 11, 21, 19, 40, tzinfo=UTC),
            "Source": "models",
            "DetailType": "Rekognition Project Version State Change",
            "Resources": [CHANGED["subject"], CHANGED["source"]],
            "Detail": orjson.dumps(CHANGED).decode(),
        }
    ] == put(CHANGED)


@pytest.mark.parametrize(
    ("event_type", "expected"),
    [
        (EventType.VERSION_APPEARED, "Rekognition Project Version Appeared"),
        (EventType.VERSION_STATUS_CHANGED, "Rekognition Project Version State Change"),
        (EventType.VERSION_UPDATED, "Rekognition Project Version Updated"),
        (EventType.VERSION_DISAPPEARED, "Rekognition Project Version Disappeared"),
        (EventType.PROJECT_APPEARED, "Rekognition Project Appeared"),
        (EventType.PROJECT_DISAPPEARED, "Rekognition Project Disappeared"),
        (EventType.PROJECT_UNREACHABLE, "Rekognition Project Unreachable"),
        (EventType.PROJECT_RECOVERED, "Rekognition Project Recovered"),
    ],
)
def test_detail_types(event_type: EventType, expected: str) -> None:
    """What the documentation tells rules to match."""
    assert expected == detail_type(event_type)


def test_an_event_about_a_project_names_it_once() -> None:
    """Source and subject are the same there."""
    event = example(EventType.PROJECT_UNREACHABLE) | {"source": CHANGED["source"], "subject": CHANGED["source"]}
    assert [CHANGED["source"]] == resources_of(message_of(event))


def test_an_account_and_region_is_no_resource() -> None:
    """Its name is only the beginning of ARNs."""
    assert [] == resources_of(message_of(example(EventType.PROJECT_UNREACHABLE)))


@pytest.mark.parametrize("filler", ["x", "é", "\U0001f600", "\\"])
def test_an_event_that_is_too_large_is_shortened(filler: str) -> None:
    """An entry has to be smaller than the limit, everything counted."""
    (entry,) = put(example(changed={"status_message": [None, filler * LIMIT]}))

    assert size(entry) < LIMIT
    assert ["changed"] == orjson.loads(entry["Detail"])["data"]["shortened"]


def test_equal_by_what_they_put_where() -> None:
    """A reload keeps the one that runs."""
    assert EventBridgeSink(publisher=Published(), source="a") == EventBridgeSink(publisher=Published(), source="a")
    assert EventBridgeSink(publisher=Published(), source="a") != EventBridgeSink(publisher=Published(), source="b")


def test_close_closes_the_publisher() -> None:
    """Which holds the connection."""
    publisher = Published()
    EventBridgeSink(publisher=publisher, source="models").close()
    assert publisher.closed
