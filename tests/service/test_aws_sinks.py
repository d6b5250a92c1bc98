"""From the settings of the sinks that are services of AWS to the sinks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from monitor.aws.clients import Clients, ClientSettings, Role
from monitor.aws.publishing import EVENTBRIDGE, SNS, Publisher
from monitor.config.sinks import EventBridgeSink as EventBridgeSettings
from monitor.config.sinks import SnsSink as SnsSettings
from monitor.errors import ConfigError
from monitor.service.sinks import make_sink
from monitor.sinks.eventbridge import EventBridgeSink
from monitor.sinks.sns import SnsSink

if TYPE_CHECKING:
    from pathlib import Path

TOPIC = "arn:aws:sns:eu-west-1:111122223333:models.fifo"
ROLE = "arn:aws:iam::444455556666:role/events"


def make_clients() -> Clients:
    return Clients(connect_timeout=timedelta(seconds=1), read_timeout=timedelta(seconds=1))


def a_topic(**settings: Any) -> SnsSettings:
    return SnsSettings.model_validate({"name": "a", "type": "sns", "topic_arn": TOPIC, **settings})


def a_bus(**settings: Any) -> EventBridgeSettings:
    return EventBridgeSettings.model_validate({"name": "a", "type": "eventbridge", **settings})


def test_a_topic_with_everything(tmp_path: Path) -> None:
    """Each setting gets where it belongs."""
    (tmp_path / "id").write_text("s3cret")
    settings = a_topic(
        concurrency=4,
        role_arn=ROLE,
        external_id_file=str(tmp_path / "id"),
        role_session_name="models",
        profile="events",
        endpoint_url="https://vpce.example.com",
    )
    clients = make_clients()

    client = ClientSettings(
        service="sns",
        region="eu-west-1",
        endpoint_url="https://vpce.example.com",
        profile="events",
        role=Role(arn=ROLE, session_name="models", external_id_file=tmp_path / "id"),
        connections=4,
    )
    publisher = Publisher(service=SNS, target=TOPIC, settings=client, make=clients.make)
    assert SnsSink(publisher=publisher, fifo=True) == make_sink(settings, clients)


def test_a_bus_by_name() -> None:
    """In the region that the settings name."""
    clients = make_clients()
    publisher = Publisher(
        service=EVENTBRIDGE,
        target="default",
        settings=ClientSettings(service="events", region="us-east-1"),
        make=clients.make,
    )
    expected = EventBridgeSink(publisher=publisher, source="models")
    assert expected == make_sink(a_bus(bus="default", region="us-east-1", source="models"), clients)


@pytest.mark.parametrize(
    "other",
    [
        {"topic_arn": "arn:aws:sns:eu-west-1:111122223333:other.fifo"},
        {"role_arn": ROLE},
        {"profile": "events"},
        {"endpoint_url": "https://vpce.example.com"},
    ],
)
def test_a_reload_makes_anew_only_what_changed(other: dict[str, str]) -> None:
    """Equal settings are equal sinks, whatever routes and policies they have; others are not."""
    clients = make_clients()
    before = make_sink(a_topic(), clients)
    assert (True, False) == (
        before == make_sink(a_topic(min_severity="error"), clients),
        before == make_sink(a_topic(**other), clients),
    )


def test_an_external_id_that_is_missing(tmp_path: Path) -> None:
    """The start and the reload say so, instead of each delivery."""
    path = tmp_path / "id"
    with pytest.raises(ConfigError) as refused:
        make_sink(a_topic(role_arn=ROLE, external_id_file=str(path)), make_clients())

    told = f"{path} cannot be read: No such file or directory: make the file, readable for this user"
    assert f"sinks: a: external_id_file: {told}" == str(refused.value)
