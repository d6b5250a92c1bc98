"""Events through the real client, over HTTP, to buses that moto plays, and by rules on to queues."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from monitor.aws.clients import Clients
from monitor.config.sinks import EventBridgeSink as EventBridgeSettings
from monitor.domain.events import EventType
from monitor.service.sinks import make_sink
from tests.contract.cloud import REGION, ROLE, Cloud, serve
from tests.fakes_outbox import a_message, an_event
from tests.sinks.messages import example, message_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from monitor.dispatcher import Sink
    from tests.contract.cloud import Queue

CLIENTS = Clients(connect_timeout=timedelta(seconds=5), read_timeout=timedelta(seconds=20))
CHANGED = example()
UPDATED = example(EventType.VERSION_UPDATED)
UNREACHABLE = example(EventType.PROJECT_UNREACHABLE)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serve() as url:
        yield url


@pytest.fixture
def cloud(address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cloud:
    cloud = Cloud(address)
    cloud.enter(monkeypatch, tmp_path)
    return cloud


def make_bus(cloud: Cloud, name: str, pattern: Mapping[str, Any]) -> tuple[str, Queue]:
    """A new bus, and a queue that gets what matches *pattern*."""
    client, queue = cloud.client("events"), cloud.queue(name)
    arn = client.create_event_bus(Name=name)["EventBusArn"]
    client.put_rule(Name=name, EventBusName=name, EventPattern=orjson.dumps(pattern).decode())
    client.put_targets(Rule=name, EventBusName=name, Targets=[{"Id": "queue", "Arn": queue.arn}])
    return arn, queue


def sink_to(bus: str, cloud: Cloud, **settings: Any) -> Sink:
    """The sink that the service makes of these settings."""
    written = {"name": "bus", "type": "eventbridge", "bus": bus, "endpoint_url": cloud.url, **settings}
    return make_sink(EventBridgeSettings.model_validate(written), CLIENTS)


def deliver(sink: Sink, *events: Mapping[str, Any]) -> Mapping[int, str]:
    """The reason of each refusal, by the event's place."""
    try:
        refused = sink.deliver([message_of(event, position) for position, event in enumerate(events)])
        return {position: refusal.reason for position, refusal in refused.items()}
    finally:
        sink.close()


def test_a_rule_finds_changes_of_a_version(cloud: Cloud) -> None:
    """By source, detail-type, resource and status, as the documentation's example does."""
    pattern = {
        "source": ["rekognition-monitor"],
        "detail-type": ["Rekognition Project Version State Change"],
        "resources": [CHANGED["subject"]],
        "detail": {"data": {"to": ["TRAINING_COMPLETED", "TRAINING_FAILED"]}},
    }
    bus, queue = make_bus(cloud, "changes", pattern)

    assert {} == deliver(sink_to(bus, cloud), CHANGED, UPDATED, UNREACHABLE)

    (event,) = queue.bodies()
    assert {
        "source": "rekognition-monitor",
        "detail-type": "Rekognition Project Version State Change",
        "resources": [CHANGED["subject"], CHANGED["source"]],
        "detail": CHANGED,
    } == {name: event[name] for name in ("source", "detail-type", "resources", "detail")}


def test_a_rule_finds_what_is_about_a_project(cloud: Cloud) -> None:
    """The project's ARN is among the resources of its versions' events."""
    bus, queue = make_bus(cloud, "project", {"resources": [CHANGED["source"]]})

    deliver(sink_to(bus, cloud), CHANGED, UPDATED, UNREACHABLE)

    assert [CHANGED["id"], UPDATED["id"]] == [event["detail"]["id"] for event in queue.bodies()]


def test_a_bus_by_name(cloud: Cloud) -> None:
    """In the region of the settings, from the source of the settings."""
    _, queue = make_bus(cloud, "named", {"source": ["models"]})

    assert {} == deliver(sink_to("named", cloud, region=REGION, source="models"), CHANGED)

    assert [CHANGED] == [event["detail"] for event in queue.bodies()]


def test_more_than_one_call_takes(cloud: Cloud) -> None:
    """Large events go in calls of their own, and all arrive."""
    bus, queue = make_bus(cloud, "many", {"source": ["rekognition-monitor"]})
    messages = [a_message(an_event(f"v{index}", filler="x" * 60_000), position=index) for index in range(10)]
    sink = sink_to(bus, cloud)

    assert {} == sink.deliver(messages)
    sink.close()

    assert {message.id for message in messages} == {event["detail"]["id"] for event in queue.bodies()}


def test_an_event_that_is_too_large(cloud: Cloud) -> None:
    """It arrives shortened, and says what is missing."""
    bus, queue = make_bus(cloud, "large", {"source": ["rekognition-monitor"]})

    assert {} == deliver(sink_to(bus, cloud), example(changed={"status_message": [None, "é" * 200_000]}))

    (event,) = queue.bodies()
    assert (CHANGED["id"], ["changed"]) == (event["detail"]["id"], event["detail"]["data"]["shortened"])


def test_a_role_reaches_a_bus_of_another_account(cloud: Cloud) -> None:
    """By AssumeRole: the rule is there and in no other account."""
    there = cloud.as_role(ROLE)
    _, queue = make_bus(there, "foreign", {"source": ["rekognition-monitor"]})

    assert {0: "not_found"} == deliver(sink_to("foreign", cloud, region=REGION), CHANGED)
    assert {} == deliver(sink_to("foreign", cloud, region=REGION, role_arn=ROLE), CHANGED)

    assert [CHANGED] == [event["detail"] for event in queue.bodies()]
