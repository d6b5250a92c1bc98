"""Events through the real client, over HTTP, to topics that moto plays, and on to queues."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from monitor.aws.clients import Clients
from monitor.config.sinks import SnsSink as SnsSettings
from monitor.domain.events import EventType
from monitor.service.sinks import make_sink
from tests.contract.cloud import ACCOUNT, REGION, ROLE, Cloud, serve, sessions_of
from tests.fakes_outbox import a_message, an_event
from tests.sinks.messages import example, message_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from monitor.dispatcher import Sink
    from tests.contract.cloud import Queue

CLIENTS = Clients(connect_timeout=timedelta(seconds=5), read_timeout=timedelta(seconds=20))
CHANGED = example()
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


def make_topic(cloud: Cloud, name: str) -> str:
    attributes = {"FifoTopic": "true"} if name.endswith(".fifo") else {}
    arn: str = cloud.client("sns").create_topic(Name=name, Attributes=attributes)["TopicArn"]
    return arn


def subscribe(cloud: Cloud, topic: str, queue: Queue, **attributes: str) -> None:
    """Let *queue* have what *topic* gets, as it is unless *attributes* say otherwise."""
    wanted = {"RawMessageDelivery": "true", **attributes}
    cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn, Attributes=wanted)


def sink_to(topic: str, cloud: Cloud, **settings: Any) -> Sink:
    """The sink that the service makes of these settings."""
    written = {"name": "topic", "type": "sns", "topic_arn": topic, "endpoint_url": cloud.url, **settings}
    return make_sink(SnsSettings.model_validate(written), CLIENTS)


def deliver(sink: Sink, *events: Mapping[str, Any]) -> Mapping[int, str]:
    """The reason of each refusal, by the event's place."""
    try:
        refused = sink.deliver([message_of(event, position) for position, event in enumerate(events)])
        return {position: refusal.reason for position, refusal in refused.items()}
    finally:
        sink.close()


def test_a_queue_gets_the_event(cloud: Cloud) -> None:
    """Byte for byte, with the attributes that filters use."""
    topic, queue = make_topic(cloud, "whole"), cloud.queue("whole")
    subscribe(cloud, topic, queue)

    assert {} == deliver(sink_to(topic, cloud), CHANGED)

    (message,) = queue.take()
    assert orjson.dumps(CHANGED).decode() == message["Body"]
    assert {
        "type": "rekognition.project_version.status_changed",
        "severity": "info",
        "status": "TRAINING_COMPLETED",
        "project": "getting-started",
        "account_id": "111122223333",
        "region": "us-east-1",
    } == {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}


def test_a_subscriber_that_is_no_machine(cloud: Cloud) -> None:
    """E-mail shows the subject; without raw delivery a queue sees it too."""
    topic, queue = make_topic(cloud, "subject"), cloud.queue("subject")
    subscribe(cloud, topic, queue, RawMessageDelivery="false")

    deliver(sink_to(topic, cloud), CHANGED)

    (wrapped,) = queue.bodies()
    expected = "[info] getting-started / prod-7: TRAINING_IN_PROGRESS -> TRAINING_COMPLETED"
    assert (expected, CHANGED) == (wrapped["Subject"], orjson.loads(wrapped["Message"]))


def test_subscriptions_filter_by_attributes(cloud: Cloud) -> None:
    """As the documentation's example does."""
    topic, queue = make_topic(cloud, "filtered"), cloud.queue("filtered")
    policy = {"severity": ["error", "critical"], "account_id": ["111122223333"]}
    subscribe(cloud, topic, queue, FilterPolicy=orjson.dumps(policy).decode())

    assert {} == deliver(sink_to(topic, cloud), CHANGED, UNREACHABLE)

    assert [UNREACHABLE["id"]] == [event["id"] for event in queue.bodies()]


def test_more_than_one_call_takes(cloud: Cloud) -> None:
    """Large events go in calls of their own, and all arrive."""
    topic, queue = make_topic(cloud, "many"), cloud.queue("many")
    subscribe(cloud, topic, queue)
    messages = [a_message(an_event(f"v{index}", filler="x" * 60_000), position=index) for index in range(10)]
    sink = sink_to(topic, cloud)

    assert {} == sink.deliver(messages)
    sink.close()

    assert {message.id for message in messages} == {event["id"] for event in queue.bodies()}


def test_an_event_that_is_too_large(cloud: Cloud) -> None:
    """It arrives shortened, and says what is missing."""
    topic, queue = make_topic(cloud, "large"), cloud.queue("large")
    subscribe(cloud, topic, queue)

    assert {} == deliver(sink_to(topic, cloud), example(changed={"status_message": [None, "é" * 200_000]}))

    (event,) = queue.bodies()
    assert (CHANGED["id"], ["changed"]) == (event["id"], event["data"]["shortened"])


def test_a_fifo_topic_keeps_order_and_drops_resends(cloud: Cloud) -> None:
    """Each version's events in order, each once although the first was sent twice."""
    topic, queue = make_topic(cloud, "ordered.fifo"), cloud.queue("ordered.fifo")
    subscribe(cloud, topic, queue)
    sink = sink_to(topic, cloud)
    rounds = [[a_message(an_event(version, sequence)) for version in "ab"] for sequence in (1, 2, 3)]

    assert [{}] * 4 == [sink.deliver(messages) for messages in (rounds[0], *rounds)]
    sink.close()

    taken = queue.take()
    sequences = {
        version: [
            orjson.loads(message["Body"])["sequence"]
            for message in taken
            if f"/version/{version}/" in message["Attributes"]["MessageGroupId"]
        ]
        for version in "ab"
    }
    assert {"a": ["1", "2", "3"], "b": ["1", "2", "3"]} == sequences


def test_a_topic_that_does_not_exist(cloud: Cloud) -> None:
    """It may be made yet: nothing is given up."""
    (refusal,) = sink_to(f"arn:aws:sns:{REGION}:{ACCOUNT}:gone", cloud).deliver([message_of(CHANGED)]).values()
    assert ("not_found", False) == (refusal.reason, refusal.permanent)


def test_a_topic_of_another_account(cloud: Cloud, tmp_path: Path) -> None:
    """By a role there, with the external id that it asks for."""
    there = cloud.as_role(ROLE)
    topic, queue = make_topic(there, "foreign"), there.queue("foreign")
    subscribe(there, topic, queue)
    (tmp_path / "external-id").write_text("s3cret")
    role = {"role_arn": ROLE, "external_id_file": str(tmp_path / "external-id"), "role_session_name": "models"}

    assert {} == deliver(sink_to(topic, cloud, **role), CHANGED)

    assert ("models", "s3cret") == sessions_of(ROLE)[-1]
    assert [CHANGED] == queue.bodies()
