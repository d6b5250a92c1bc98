from __future__ import annotations

import io
import json
from dataclasses import replace

import orjson
import pytest
import structlog

from monitor.domain.events import Window, status_changed
from monitor.domain.lifecycle import classify
from monitor.domain.severity import Severity
from monitor.domain.status import RUNNING, STARTING
from monitor.sinks.log import LogSink, printable
from tests import builders
from tests.dispatcher.fakes import LogLines
from tests.fakes_outbox import PROJECT_ARN, a_message, an_event

SUBJECT = f"{PROJECT_ARN.rpartition('/')[0]}/version/a/1690474772999"


def test_writes_what_happened() -> None:
    """A change of status is one line with its names and both statuses, and without the rest of the event."""
    tracked = builders.tracked(builders.version("v1", RUNNING), sequence=4)
    window = Window(after=builders.at(0), by=builders.at(1))
    event = status_changed(builders.project(), tracked, window, classify(STARTING, RUNNING), {})
    log = LogLines()
    assert {} == LogSink(log=log.logger).deliver([a_message(event, 7)])
    assert [
        {
            "level": "info",
            "event": "event.emitted",
            "id": event.id,
            "position": 7,
            "type": "rekognition.project_version.status_changed",
            "severity": "info",
            "subject": builders.version_arn("v1"),
            "project": "getting-started",
            "version": "v1",
            "from": "STARTING",
            "to": "RUNNING",
            "summary": "getting-started / v1: STARTING -> RUNNING",
        }
    ] == log.lines


def test_leaves_out_what_an_event_does_not_have() -> None:
    """A fault of a whole account and region names no project and no version."""
    event = an_event()
    document = {**event.document, "data": {"summary": "account 111122223333 is unreachable", "project": None}}
    message = replace(a_message(event), document=orjson.dumps(document))
    log = LogLines()
    LogSink(log=log.logger).deliver([message])
    assert {"level", "event", "id", "position", "type", "severity", "subject", "summary"} == set(log.lines[0])


@pytest.mark.parametrize("severity", list(Severity))
def test_writes_at_the_level_of_the_severity(severity: Severity) -> None:
    """Each severity is the log level of the same name."""
    log = LogLines()
    LogSink(log=log.logger).deliver([a_message(an_event(severity=severity))])
    assert [severity.word] == [line["level"] for line in log.lines]


def test_writes_a_line_for_each_message() -> None:
    """A batch is as many lines, in its order."""
    log = LogLines()
    LogSink(log=log.logger).deliver([a_message(an_event("a"), 1), a_message(an_event("b"), 2)])
    assert ["shop / a: 1", "shop / b: 1"] == [line["summary"] for line in log.lines]


@pytest.mark.parametrize(
    "render",
    [
        pytest.param(structlog.dev.ConsoleRenderer(colors=False), id="console"),
        pytest.param(structlog.processors.JSONRenderer(), id="json"),
    ],
)
def test_no_text_from_aws_forges_a_line(render: structlog.typing.Processor) -> None:
    """Line ends, escapes of the terminal and turned reading directions are replaced, in every format of the log."""
    stream = io.StringIO()
    log = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[render],
        wrapper_class=structlog.make_filtering_bound_logger(0),
    )
    event = an_event()
    evil = "failed\n2026-11-21 event.emitted RUNNING\r\x1b[2K\u2028\u202e\x85"
    document = {**event.document, "data": {"summary": evil}}
    LogSink(log=log).deliver([replace(a_message(event), document=orjson.dumps(document))])
    text = stream.getvalue()
    assert 1 == len(text.splitlines())
    assert text.removesuffix("\n").isprintable()


def test_replaces_only_what_is_not_printable() -> None:
    """Letters of every script stay."""
    assert "größer 模型\N{REPLACEMENT CHARACTER}x" == printable("größer 模型\x00x")


def test_refuses_what_could_not_be_written() -> None:
    """A log on a full disk refuses the message and all after it, which are tried again."""
    log = LogLines()
    sink = LogSink(log=log.logger)
    log.breaking = OSError(28, "No space left on device")
    refused = sink.deliver([a_message(an_event("a"), 1), a_message(an_event("b"), 2)])
    told = {position: (error.reason, error.permanent, str(error)) for position, error in refused.items()}
    expected = ("io_error", False, "cannot write to the log: No space left on device")
    assert {1: expected, 2: expected} == told


def test_a_line_is_json_in_the_json_log() -> None:
    """What the sink says can be rendered as it is: there is nothing in it that JSON does not have."""
    stream = io.StringIO()
    log = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(0),
    )
    LogSink(log=log).deliver([a_message(an_event())])
    assert SUBJECT == json.loads(stream.getvalue())["subject"]


def test_two_are_the_same_sink() -> None:
    """A reload finds the log sink unchanged."""
    assert LogSink(log=LogLines().logger) == LogSink(log=LogLines().logger)
