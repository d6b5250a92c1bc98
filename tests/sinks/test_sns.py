from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.events import EventType
from monitor.sinks.publishing import LIMIT
from monitor.sinks.sns import SnsSink, attributes, group_of, subject_of
from monitor.template import compile_template
from tests.sinks.messages import Published, example, message_of

CHANGED = example()


def published(*events: dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    """The entries that the sink makes of *events*."""
    publisher = Published()
    sink = SnsSink(publisher=publisher, **{"fifo": False, **settings})
    refused = sink.deliver([message_of(event, index) for index, event in enumerate(events)])
    assert refused == {}
    return [dict(entry) for entry in publisher.entries]


def size(entry: dict[str, Any]) -> int:
    """As AWS counts: the body, and names, types and values of the attributes; the subject on top, to be safe."""
    texts = [entry["Message"], entry["Subject"]]
    for name, value in entry["MessageAttributes"].items():
        texts += [name, value["DataType"], value["StringValue"]]
    return sum(len(text.encode()) for text in texts)


def test_the_message_is_the_event() -> None:
    """Byte for byte what is stored."""
    (entry,) = published(CHANGED)
    assert orjson.dumps(CHANGED).decode() == entry["Message"]


def test_attributes_of_a_version_s_event() -> None:
    """What subscriptions filter by."""
    assert {
        "type": "rekognition.project_version.status_changed",
        "severity": "info",
        "status": "TRAINING_COMPLETED",
        "project": "getting-started",
        "account_id": "111122223333",
        "region": "us-east-1",
    } == attributes(CHANGED)


def test_attributes_of_an_event_about_an_account_and_region() -> None:
    """SNS refuses empty attributes, so those without a value are left out."""
    assert {
        "type": "rekognition.project.unreachable",
        "severity": "error",
        "account_id": "111122223333",
        "region": "us-east-1",
    } == attributes(example(EventType.PROJECT_UNREACHABLE))


def test_an_attribute_takes_no_room_and_no_controls() -> None:
    """A status is a word of AWS's, whatever AWS makes of it."""
    strange = example(version={"status": "A\nB" + "C" * 1000})
    assert "A?B" + "C" * 253 == attributes(strange)["status"]


def test_the_subject_is_for_people() -> None:
    """How bad it is, and what happened."""
    expected = "[info] getting-started / prod-7: TRAINING_IN_PROGRESS -> TRAINING_COMPLETED"
    assert expected == subject_of(CHANGED)


@given(st.text(max_size=200))
def test_a_subject_is_always_within_the_limits(summary: str) -> None:
    """ASCII, no control characters, less than 100 characters, not beginning with a blank."""
    subject = subject_of(example(summary=summary))
    assert re.fullmatch(r"[\x21-\x7e][\x20-\x7e]{0,98}", subject)


def test_a_long_subject_says_that_it_is_cut() -> None:
    """At its end."""
    assert "[info] " + "x" * 89 + "..." == subject_of(example(summary="x" * 100))


def test_a_standard_topic_gets_no_group() -> None:
    """Groups and deduplication are for FIFO topics."""
    (entry,) = published(CHANGED)
    assert {"Message", "Subject", "MessageAttributes"} == entry.keys()


def test_a_fifo_topic_gets_group_and_deduplication() -> None:
    """The version's ARN keeps its order, the event's id is the same at each attempt."""
    (entry,) = published(CHANGED, fifo=True)
    assert (CHANGED["subject"], CHANGED["id"]) == (entry["MessageGroupId"], entry["MessageDeduplicationId"])


@given(st.text(alphabet=st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1, max_size=700))
def test_a_group_is_never_too_long(subject: str) -> None:
    """Two names of 255 characters make an ARN of 600; AWS takes 128."""
    group = group_of(subject)
    assert len(group) <= 128
    assert group == subject or (len(subject) > 128 and re.fullmatch("[0-9a-f]{64}", group))


def test_long_subjects_have_groups_of_their_own() -> None:
    """Those that differ at the end only, too."""
    assert group_of("a" * 200 + "1") != group_of("a" * 200 + "2")


@pytest.mark.parametrize("filler", ["x", "é", "\ufffe", "\U0001f600", "\\"])
def test_an_event_that_is_too_large_is_shortened(filler: str) -> None:
    """Attributes and subject count too; the event says what is missing."""
    (entry,) = published(example(changed={"status_message": [None, filler * LIMIT]}))

    assert size(entry) <= LIMIT
    assert ["changed"] == orjson.loads(entry["Message"])["data"]["shortened"]


def test_large_events_go_in_calls_of_their_own() -> None:
    """A call takes as much as one message may have."""
    large = [
        example(changed={"status_message": [None, "x" * 100_000]}) | {"subject": f"v{index}"} for index in range(5)
    ]
    publisher = Published()
    SnsSink(publisher=publisher, fifo=False).deliver([message_of(event, at) for at, event in enumerate(large)])

    assert [2, 2, 1] == list(map(len, publisher.calls))


def test_characters_that_xml_cannot_hold() -> None:
    """SNS and SQS hand messages on in XML, where two noncharacters of Unicode have no place."""
    (entry,) = published(example(summary="a\ufffeb\uffffc\U0001f600é"))
    assert "a\ufffdb\ufffdc\U0001f600é" == orjson.loads(entry["Message"])["data"]["summary"]


def test_equal_by_what_they_publish_to() -> None:
    """A reload keeps the one that runs."""
    publisher = Published()
    assert SnsSink(publisher=publisher, fifo=True) == SnsSink(publisher=Published(), fifo=True)
    assert SnsSink(publisher=publisher, fifo=True) != SnsSink(publisher=publisher, fifo=False)


def test_close_closes_the_publisher() -> None:
    """Which holds the connection."""
    publisher = Published()
    SnsSink(publisher=publisher, fifo=False).close()
    assert publisher.closed


def test_a_template_makes_the_message_and_another_the_subject() -> None:
    """Attributes stay, so that subscriptions filter as before."""
    (entry,) = published(
        CHANGED,
        template=compile_template("{{ data.version.status }}\n{{ data.region }}"),
        subject_template=compile_template(" Modell \u00fcbt:\n{{ data.to }} "),
    )
    (plain,) = published(CHANGED)
    assert {**plain, "Message": "TRAINING_COMPLETED\nus-east-1", "Subject": "Modell ?bt: TRAINING_COMPLETED"} == entry


def test_a_subject_template_that_makes_nothing() -> None:
    """SNS refuses an empty subject: the monitor's own words take its place."""
    (entry,) = published(CHANGED, subject_template=compile_template("{% if false %}x{% endif %}"))
    assert subject_of(CHANGED) == entry["Subject"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ data.no }}", "template_failed"),
        ("{{ data.no | default('') }}", "template_failed"),
        ("\u00e9" * 140_000, "too_large"),
    ],
    ids=["unknown name", "empty", "too large"],
)
def test_a_template_that_fails_on_an_event(text: str, reason: str) -> None:
    """That event is dead at once, with the reason, and those beside it are published."""
    publisher = Published()
    sink = SnsSink(
        publisher=publisher,
        fifo=False,
        template=compile_template("{% if data.no is defined %}fine{% else %}" + text + "{% endif %}"),
    )
    fine = {**CHANGED, "data": {**CHANGED["data"], "no": 1}}
    refused = sink.deliver([message_of(CHANGED, 1), message_of(fine, 2)])
    assert {1: (reason, True)} == {position: (each.reason, each.permanent) for position, each in refused.items()}
    assert ["fine"] == [entry["Message"] for entry in publisher.entries]
