"""What the webhook sink sends, and what it makes of the answers: against real servers on loopback."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
from standardwebhooks import WebhookVerificationError

from monitor.sinks.cloudevents import Mode
from monitor.sinks.webhook import WebhookSink
from monitor.template import compile_template
from tests.fakes_outbox import a_message, an_event
from tests.sinks.listeners import closed_port
from tests.sinks.receiver import DEADLINE, Receiver, accept_and_close, reply
from tests.sinks.webhooks import KEY, OTHER, A, B, C, Make, only, utc_now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.errors import DeliveryError
    from tests.sinks.receiver import Handler


def test_posts_the_event_whole(make: Make) -> None:
    """Structured mode: the body is the stored document, byte by byte."""
    with Receiver() as receiver:
        assert {} == make(receiver.url).deliver([A])
    (request,) = receiver.received
    assert ("POST", "/hook", A.document) == (request.method, request.path, request.body)
    assert "application/cloudevents+json; charset=utf-8" == request.headers["content-type"]


def test_signs_as_standard_webhooks_says(make: Make) -> None:
    """The library of the standard accepts it, and finds the event's id where it looks for it."""
    with Receiver() as receiver:
        make(receiver.url).deliver([A])
    (request,) = receiver.received
    request.verify(KEY)
    assert A.id == request.headers["webhook-id"]


def test_signs_with_both_secrets_while_one_is_changed(make: Make) -> None:
    """A receiver that knows either takes the event, one that knows neither does not."""
    with Receiver() as receiver:
        make(receiver.url, keys=(KEY, OTHER)).deliver([A])
    (request,) = receiver.received
    request.verify(KEY)
    request.verify(OTHER)
    with pytest.raises(WebhookVerificationError):
        request.verify(b"x" * 32)


def test_without_a_secret_the_id_is_there_still(make: Make) -> None:
    """A receiver that does not verify can deduplicate."""
    with Receiver() as receiver:
        make(receiver.url, keys=()).deliver([A])
    headers = receiver.received[0].headers
    assert (A.id, False) == (headers["webhook-id"], "webhook-signature" in headers)


def test_sends_the_attributes_as_headers_in_binary_mode(make: Make) -> None:
    """The body is the data alone, and signed as such."""
    with Receiver() as receiver:
        make(receiver.url, mode=Mode.BINARY).deliver([A])
    (request,) = receiver.received
    request.verify(KEY)
    event = an_event("a").document
    assert event["data"] == request.json
    assert "application/json" == request.headers["content-type"]
    sent = {name.removeprefix("ce-"): value for name, value in request.headers.items() if name.startswith("ce-")}
    assert {name: event[name] for name in event if name not in ("data", "datacontenttype")} == sent


def test_sends_events_together_in_batch_mode(make: Make) -> None:
    """One request with all of them, in order, under one id that is the same when they are sent again."""
    with Receiver() as receiver:
        sink = make(receiver.url, mode=Mode.BATCH)
        sink.deliver([A, B])
        sink.deliver([A, B])
        sink.deliver([A])
    first, again, single = receiver.received
    first.verify(KEY)
    assert [A.id, B.id] == [event["id"] for event in first.json]
    assert "application/cloudevents-batch+json; charset=utf-8" == first.headers["content-type"]
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert (A.id, [A.id]) == (single.headers["webhook-id"], [event["id"] for event in single.json])


def test_a_bad_event_takes_no_other_along(make: Make) -> None:
    """A batch that is refused for good goes event by event, and only what is refused alone is dead."""

    def picky(handler: Handler) -> None:
        bad = B.id in receiver.received[-1].body.decode()
        handler.reply(422 if bad else 204, {}, b"")

    with Receiver(picky) as receiver:
        refused = make(receiver.url, mode=Mode.BATCH).deliver([A, B, C])
    assert {2: ("rejected", True)} == {position: (e.reason, e.permanent) for position, e in refused.items()}
    assert [3, 1, 1, 1] == [len(request.json) for request in receiver.received]


def test_sends_what_its_template_makes(make: Make) -> None:
    """The text is the body, of the type that is configured, and signed."""
    template = compile_template('{"text": {{ data.summary | tojson }}}')
    with Receiver() as receiver:
        make(receiver.url, template=template, content_type="application/vnd.chat+json").deliver([A])
    (request,) = receiver.received
    request.verify(KEY)
    assert ({"text": "shop / a: 1"}, "application/vnd.chat+json") == (request.json, request.headers["content-type"])


def test_an_event_that_the_template_fails_on_is_kept(make: Make) -> None:
    """It is dead at once, so that it waits in the outbox for a better template, and nothing is sent."""
    with Receiver() as receiver:
        error = only(make(receiver.url, template=compile_template("{{ data.nothing }}")).deliver([A]))
    assert ("template_failed", True, []) == (error.reason, error.permanent, receiver.received)
    assert (
        "the template fails on this event: line 1: 'dict object' has no attribute 'nothing'; "
        "correct it, then retry the delivery"
    ) == str(error)


def test_sends_own_headers(make: Make) -> None:
    """Besides those of the event."""
    with Receiver() as receiver:
        make(receiver.url, headers={"Authorization": "Bearer hunter2"}).deliver([A])
    assert "Bearer hunter2" == receiver.received[0].headers["authorization"]
    assert receiver.received[0].headers["user-agent"].startswith("rekognition-monitor/")


# Connections.


def test_uses_its_connection_again(make: Make) -> None:
    """A hundred events need one connection."""
    with Receiver() as receiver:
        sink = make(receiver.url)
        for position in range(100):
            sink.deliver([a_message(an_event(str(position)), position)])
    assert (100, 1) == (len(receiver.received), receiver.connections)


def test_opens_another_when_the_far_end_closed_it(make: Make) -> None:
    """A connection that was closed between two events costs no event."""
    with Receiver(accept_and_close) as receiver:
        sink = make(receiver.url)
        assert ({}, {}) == (sink.deliver([A]), sink.deliver([B]))
    assert 2 == receiver.connections


def test_the_far_end_sees_the_end_of_a_connection_that_is_not_kept(make: Make) -> None:
    """Nothing of it stays open here."""
    ended = threading.Event()

    def answer(handler: Handler) -> None:
        handler.reply(204, {"Connection": "close"}, b"")
        handler.wfile.flush()
        handler.connection.settimeout(DEADLINE)
        if handler.connection.recv(1) == b"":
            ended.set()
        handler.end()

    with Receiver(answer) as receiver:
        make(receiver.url).deliver([A])
        assert ended.wait(DEADLINE)


def test_works_again_after_it_was_closed(make: Make) -> None:
    """Closing gives the connection back, nothing more."""
    with Receiver() as receiver:
        sink = make(receiver.url)
        sink.deliver([A])
        sink.close()
        assert {} == sink.deliver([B])
    assert 2 == receiver.connections


def test_serves_several_threads(make: Make) -> None:
    """Each has a connection of its own, and no request waits for another."""
    meeting = threading.Barrier(3)

    def together(handler: Handler) -> None:
        meeting.wait(DEADLINE)
        handler.reply(204, {}, b"")

    with Receiver(together) as receiver:
        sink = make(receiver.url)
        refused: list[Mapping[int, DeliveryError]] = []
        threads = [threading.Thread(target=lambda m=m: refused.append(sink.deliver([m]))) for m in (A, B, C)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE)
    assert ([{}, {}, {}], 3) == (refused, receiver.connections)


# What is answered.


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_accepts(make: Make, status: int) -> None:
    """Whatever it says besides."""
    with Receiver(reply(status, "" if status == 204 else "thank you")) as receiver:
        assert {} == make(receiver.url).deliver([A])


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (302, ("redirected", True, False, None)),
        (304, ("redirected", True, False, None)),
        (400, ("rejected", True, False, None)),
        (401, ("rejected", True, False, None)),
        (404, ("rejected", True, False, None)),
        (413, ("rejected", True, False, None)),
        (408, ("timed_out", False, False, None)),
        (410, ("gone", False, True, None)),
        (429, ("throttled", False, False, None)),
        (500, ("server_error", False, False, None)),
        (503, ("server_error", False, False, None)),
        (599, ("server_error", False, False, None)),
        (700, ("server_error", False, False, None)),
    ],
)
def test_every_other_status_says_how_to_go_on(
    make: Make, status: int, expected: tuple[str, bool, bool, float | None]
) -> None:
    """The reason, whether it is for good, whether the sink stops, and for how long it was asked to wait."""
    with Receiver(reply(status)) as receiver:
        error = only(make(receiver.url).deliver([A]))
    assert expected == (error.reason, error.permanent, error.stop, error.retry_after)


@pytest.mark.parametrize("status", [429, 503])
def test_waits_as_long_as_it_is_asked_to(make: Make, status: int) -> None:
    """In seconds, or until a time by our clock."""
    later = format_datetime(datetime(2026, 11, 21, 12, 2, tzinfo=UTC), usegmt=True)
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with Receiver(reply(status, Retry_After="7"), reply(status, Retry_After=later)) as receiver:
        sink = make(receiver.url, clock=lambda: noon)
        assert [7.0, 120.0] == [only(sink.deliver([A])).retry_after for _ in range(2)]


def test_no_redirect_is_followed(make: Make) -> None:
    """The signature is for the address that is configured; the error says where to correct it."""
    with Receiver() as elsewhere, Receiver(reply(307, Location=elsewhere.url)) as receiver:
        error = only(make(receiver.url).deliver([A]))
    assert [] == elsewhere.received
    assert (
        f"127.0.0.1:{receiver.server_port} answered 307 Temporary Redirect; "
        "redirects are not followed: configure the final address"
    ) == str(error)


def test_the_first_line_of_an_answer_is_kept(make: Make) -> None:
    """Of one that refuses: what it says is the quickest way to the cause."""
    with Receiver(reply(400, "\n  unknown field `subject` \x1b[31m\nStack: …")) as receiver:
        error = only(make(receiver.url).deliver([A]))
    assert f"127.0.0.1:{receiver.server_port} answered 400 Bad Request: unknown field `subject` \\x1b[31m" == str(error)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("bad header Bearer hunter2-hunter2", "bad header ***"),
        ("bad token hunter2-hunter2", "bad token ***"),
        ("Cannot POST /hook/hunter3", "Cannot POST ***"),
        ("no route to /hook/hunter3?key=hunter4", "no route to ***"),
    ],
)
def test_an_answer_that_repeats_a_secret_does_not_tell_it(make: Make, said: str, told: str) -> None:
    """Receivers quote requests; own headers and the path of the URL are masked in the error."""
    with Receiver(reply(401, said)) as receiver:
        sink = make(f"{receiver.url}/hunter3?key=hunter4", headers={"Authorization": "Bearer hunter2-hunter2"})
        error = only(sink.deliver([A]))
    assert str(error).endswith(f"401 Unauthorized: {told}")


def test_an_error_does_not_tell_the_path(make: Make) -> None:
    """The path of a webhook is often its secret; so is what a URL asks for."""
    with closed_port() as port:
        sink = make(f"http://127.0.0.1:{port}/services/T00/hunter2?token=hunter3")
        assert "hunter" not in str(only(sink.deliver([A]))) + repr(sink)


# Settings.


def test_two_with_the_same_settings_are_the_same_sink() -> None:
    """A reload leaves the one that runs alone; any other setting makes another one."""
    settings: dict[str, Any] = {
        "url": "https://h/",
        "keys": (KEY,),
        "template": compile_template("a"),
        "clock": utc_now,
    }
    sink = WebhookSink(**settings)
    assert WebhookSink(**settings) == sink
    others: Sequence[dict[str, Any]] = (
        {"url": "https://g/"},
        {"keys": (OTHER,)},
        {"template": compile_template("b")},
        {"headers": {"a": "b"}},
        {"mode": Mode.BINARY},
        {"proxy": "http://p"},
        {"timeout": 3.0},
    )
    assert [] == [other for other in others if WebhookSink(**{**settings, **other}) == sink]


def test_text_that_holds_no_certificate_is_refused() -> None:
    """When the sink is made, not at the first event."""
    with pytest.raises(ValueError, match="holds no certificates that can be read"):
        WebhookSink(url="https://h/", ca="hello", clock=utc_now)


def test_only_the_batch_mode_takes_several() -> None:
    """The dispatcher sends the others side by side."""
    batches = {mode: WebhookSink(url="http://h/", mode=mode, clock=utc_now).batch for mode in Mode}
    assert {Mode.STRUCTURED: 1, Mode.BINARY: 1, Mode.BATCH: 100} == batches
