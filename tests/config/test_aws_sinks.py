"""The settings of the sinks that are services of AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.config.sinks import EventBridgeSink, SnsSink
from monitor.errors import ConfigError
from tests.config.examples import SMALLEST, load

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.config.sinks import Sink

TOPIC = "arn:aws:sns:eu-west-1:111122223333:models"
BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/models"
ROLE = "arn:aws:iam::444455556666:role/teams/rekognition-events"


def sink(text: str) -> Sink:
    """The sink that the configuration has of *text*."""
    (found,) = (each for each in load(f"{SMALLEST}sinks: [{text}]\n").config.sinks if each.name != "log")
    return found


def refusal(text: str) -> str:
    """What is said of *text*, without the place in the file."""
    with pytest.raises(ConfigError) as refused:
        load(f"{SMALLEST}sinks: [{text}]\n")
    return str(refused.value).removeprefix("monitor.yaml:3: ")


def test_a_topic() -> None:
    """Everything but the topic has a default; the topic says where it is and whether it keeps an order."""
    found = sink(f"{{name: a, type: sns, topic_arn: '{TOPIC}'}}")

    assert isinstance(found, SnsSink)
    assert (TOPIC, "eu-west-1", False, None, None, "rekognition-monitor", None, None) == (
        found.topic_arn,
        found.region,
        found.fifo,
        found.role_arn,
        found.external_id_file,
        found.role_session_name,
        found.profile,
        found.endpoint_url,
    )


def test_a_fifo_topic() -> None:
    """Its name ends with .fifo."""
    found = sink(f"{{name: a, type: sns, topic_arn: '{TOPIC}.fifo'}}")
    assert isinstance(found, SnsSink)
    assert found.fifo


def test_a_bus_by_arn() -> None:
    """Which says where it is."""
    found = sink(f"{{name: a, type: eventbridge, bus: '{BUS}'}}")
    assert isinstance(found, EventBridgeSink)
    assert (BUS, "eu-west-1", "rekognition-monitor") == (found.bus, found.bus_region, found.source)


def test_a_bus_by_name() -> None:
    """Together with a region."""
    found = sink("{name: a, type: eventbridge, bus: default, region: us-east-1, source: models}")
    assert isinstance(found, EventBridgeSink)
    assert ("default", "us-east-1", "models") == (found.bus, found.bus_region, found.source)


def test_a_role() -> None:
    """With a path, an external id and a session's name."""
    found = sink(
        f"{{name: a, type: sns, topic_arn: '{TOPIC}', role_arn: '{ROLE}', external_id_file: /run/id, "
        "role_session_name: models, profile: events, endpoint_url: 'https://vpce.example.com'}"
    )
    assert isinstance(found, SnsSink)
    assert (ROLE, "/run/id", "models", "events", "https://vpce.example.com") == (
        found.role_arn,
        found.external_id_file,
        found.role_session_name,
        found.profile,
        found.endpoint_url,
    )


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("type: sns", 'topic_arn: is missing: write it as in topic_arn: "arn:aws:sns:us-east-1:111122223333:models"'),
        (
            "type: sns, topic_arn: models",
            (
                'topic_arn: "models" is not the ARN of an SNS topic: write it as in '
                "arn:aws:sns:us-east-1:111122223333:models"
            ),
        ),
        (
            f"type: sns, topic_arn: '{TOPIC}', role_arn: events",
            (
                'role_arn: "events" is not the ARN of a role: write it as in '
                "arn:aws:iam::111122223333:role/rekognition-events"
            ),
        ),
        (
            f"type: sns, topic_arn: '{TOPIC}', external_id_file: /run/id",
            'external_id_file: "/run/id" is of no use without role_arn: name the role, or take this out',
        ),
        (
            f"type: sns, topic_arn: '{TOPIC}', role_session_name: 'my models'",
            'role_session_name: "my models" is not a session name: use 2 to 64 letters, digits and _+=,.@-',
        ),
        (
            f"type: sns, topic_arn: '{TOPIC}', endpoint_url: sns.example.com",
            'endpoint_url: "sns.example.com" is not an http or https URL: write it as in http://127.0.0.1:4566',
        ),
        (
            "type: eventbridge, bus: default",
            'bus: "default" is a name, and names do not say where: write region too, or the bus\'s ARN',
        ),
        (
            f"type: eventbridge, region: us-east-1, bus: '{BUS}'",
            f'bus: "{BUS}" is in another region than region says: take region out',
        ),
        (
            "type: eventbridge, region: us-east-1, bus: 'my bus'",
            (
                'bus: "my bus" is neither the name nor the ARN of an event bus: write default, or '
                "arn:aws:events:us-east-1:111122223333:event-bus/models"
            ),
        ),
        ("type: eventbridge, region: here, bus: a", 'region: "here" is not a region: write it as in us-east-1'),
        (
            f"type: eventbridge, bus: '{BUS}', source: aws.rekognition",
            (
                'source: "aws.rekognition" begins with aws., which EventBridge keeps for AWS\'s own services: choose '
                "another"
            ),
        ),
        (
            f"type: eventbridge, bus: '{BUS}', source: 'my models'",
            'source: "my models" is not the source of an event: use letters, digits and ._-/ (256 at most)',
        ),
    ],
)
def test_what_is_refused(settings: str, told: str) -> None:
    """What is wrong, and what to write instead."""
    assert f"sinks[0].{told}" == refusal(f"{{name: a, {settings}}}")


@pytest.mark.parametrize("settings", [f"type: sns, topic_arn: '{TOPIC}'", f"type: eventbridge, bus: '{BUS}'"])
def test_the_name_of_the_log(settings: str) -> None:
    """It is taken."""
    expected = 'sinks[0].name: "log" is the name of the sink of type log: choose another'
    assert expected == refusal(f"{{name: log, {settings}}}")


def test_an_external_id_that_looks_wrong(tmp_path: Path) -> None:
    """It may be made when the service starts, so it is only doubted here."""
    path = tmp_path / "id"
    text = f"{{name: a, type: sns, topic_arn: '{TOPIC}', role_arn: '{ROLE}', external_id_file: {path}}}"
    (warning,) = load(f"{SMALLEST}sinks: [{text}]\n").warnings

    told = f"{path} cannot be found: No such file or directory: make it before the monitor starts"
    assert f"monitor.yaml:3: sinks[0].external_id_file: {told}" == warning


@pytest.mark.parametrize("key", ["template", "subject_template"])
def test_templates_of_a_topic_are_tried(key: str) -> None:
    """On a sample of each event that the sink gets; nothing is no template."""
    topic = f"name: a, type: sns, topic_arn: '{TOPIC}'"
    told = refusal(f"{{{topic}, {key}: '{{{{ data.version.status }}}}'}}")
    empty = refusal(f"{{{topic}, {key}: ' '}}")
    sink(f"{{{topic}, types: [status_changed], {key}: '{{{{ data.version.status }}}}'}}")

    assert "fails on an event of type rekognition.project.unreachable: line 1: " in told
    assert f"sinks[0].{key}: ' ' is empty: write a template, or take the key out" == empty.replace('" "', "' '")
