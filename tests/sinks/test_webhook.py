"""The webhook sink against real servers on loopback."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from standardwebhooks import WebhookVerificationError

from monitor.sinks.cloudevents import Mode
from monitor.sinks.webhook import WebhookSink
from monitor.template import compile_template
from tests.fakes_outbox import a_message, an_event
from tests.sinks.certificates import Authority
from tests.sinks.receiver import (
    DEADLINE,
    Receiver,
    Silent,
    Tunnel,
    accept_and_close,
    at_random,
    closed_port,
    drip,
    hang,
    hang_up,
    pour,
    raw,
    reply,
    reset,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from monitor.errors import DeliveryError
    from tests.sinks.receiver import Handler

A, B, C = (a_message(an_event(version), position) for position, version in enumerate("abc", start=1))
KEY: Final = b"k" * 32
OTHER: Final = b"o" * 32


def utc_now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def make() -> Iterator[Callable[..., WebhookSink]]:
    """Makes sinks that are closed in the end. Five seconds are enough on loopback for what should work."""
    made: list[WebhookSink] = []

    def sink(url: str, **settings: Any) -> WebhookSink:
        made.append(WebhookSink(url=url, **{"clock": utc_now, "timeout": 5.0, "keys": (KEY,), **settings}))
        return made[-1]

    yield sink
    for each in made:
        each.close()


def told(refused: Mapping[int, DeliveryError]) -> dict[int, tuple[str, str]]:
    """By position, the reason and the text."""
    return {position: (error.reason, str(error)) for position, error in refused.items()}


def only(refused: Mapping[int, DeliveryError]) -> DeliveryError:
    (error,) = refused.values()
    return error


# What is sent.


def test_posts_the_event_whole(make: Callable[..., WebhookSink]) -> None:
    """Structured mode: the body is the stored document, byte by byte."""
    with Receiver() as receiver:
        assert {} == make(receiver.url).deliver([A])
    (request,) = receiver.received
    assert ("POST", "/hook", A.document) == (request.method, request.path, request.body)
    assert "application/cloudevents+json; charset=utf-8" == request.headers["content-type"]


def test_signs_as_standard_webhooks_says(make: Callable[..., WebhookSink]) -> None:
    """The library of the standard accepts it, and finds the event's id where it looks for it."""
    with Receiver() as receiver:
        make(receiver.url).deliver([A])
    (request,) = receiver.received
    request.verify(KEY)
    assert A.id == request.headers["webhook-id"]


def test_signs_with_both_secrets_while_one_is_changed(make: Callable[..., WebhookSink]) -> None:
    """A receiver that knows either takes the event, one that knows neither does not."""
    with Receiver() as receiver:
        make(receiver.url, keys=(KEY, OTHER)).deliver([A])
    (request,) = receiver.received
    request.verify(KEY)
    request.verify(OTHER)
    with pytest.raises(WebhookVerificationError):
        request.verify(b"x" * 32)


def test_without_a_secret_the_id_is_there_still(make: Callable[..., WebhookSink]) -> None:
    """A receiver that does not verify can deduplicate."""
    with Receiver() as receiver:
        make(receiver.url, keys=()).deliver([A])
    headers = receiver.received[0].headers
    assert (A.id, False) == (headers["webhook-id"], "webhook-signature" in headers)


def test_sends_the_attributes_as_headers_in_binary_mode(make: Callable[..., WebhookSink]) -> None:
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


def test_sends_events_together_in_batch_mode(make: Callable[..., WebhookSink]) -> None:
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


def test_a_bad_event_takes_no_other_along(make: Callable[..., WebhookSink]) -> None:
    """A batch that is refused for good goes event by event, and only what is refused alone is dead."""

    def picky(handler: Handler) -> None:
        bad = B.id in receiver.received[-1].body.decode()
        handler.reply(422 if bad else 204, {}, b"")

    with Receiver(picky) as receiver:
        refused = make(receiver.url, mode=Mode.BATCH).deliver([A, B, C])
    assert {2: ("rejected", True)} == {position: (e.reason, e.permanent) for position, e in refused.items()}
    assert [3, 1, 1, 1] == [len(request.json) for request in receiver.received]


def test_sends_what_its_template_makes(make: Callable[..., WebhookSink]) -> None:
    """The text is the body, of the type that is configured, and signed."""
    template = compile_template('{"text": {{ data.summary | tojson }}}')
    with Receiver() as receiver:
        make(receiver.url, template=template, content_type="application/vnd.chat+json").deliver([A])
    (request,) = receiver.received
    request.verify(KEY)
    assert ({"text": "shop / a: 1"}, "application/vnd.chat+json") == (request.json, request.headers["content-type"])


def test_an_event_that_the_template_fails_on_is_kept(make: Callable[..., WebhookSink]) -> None:
    """It is dead at once, so that it waits in the outbox for a better template, and nothing is sent."""
    with Receiver() as receiver:
        error = only(make(receiver.url, template=compile_template("{{ data.nothing }}")).deliver([A]))
    assert ("template_failed", True, []) == (error.reason, error.permanent, receiver.received)
    assert (
        "the template fails on this event: line 1: 'dict object' has no attribute 'nothing'; "
        "correct it, then retry the delivery"
    ) == str(error)


def test_sends_own_headers(make: Callable[..., WebhookSink]) -> None:
    """Besides those of the event."""
    with Receiver() as receiver:
        make(receiver.url, headers={"Authorization": "Bearer hunter2"}).deliver([A])
    assert "Bearer hunter2" == receiver.received[0].headers["authorization"]
    assert receiver.received[0].headers["user-agent"].startswith("rekognition-monitor/")


# Connections.


def test_uses_its_connection_again(make: Callable[..., WebhookSink]) -> None:
    """A hundred events need one connection."""
    with Receiver() as receiver:
        sink = make(receiver.url)
        for position in range(100):
            sink.deliver([a_message(an_event(str(position)), position)])
    assert (100, 1) == (len(receiver.received), receiver.connections)


def test_opens_another_when_the_far_end_closed_it(make: Callable[..., WebhookSink]) -> None:
    """A connection that was closed between two events costs no event."""
    with Receiver(accept_and_close) as receiver:
        sink = make(receiver.url)
        assert ({}, {}) == (sink.deliver([A]), sink.deliver([B]))
    assert 2 == receiver.connections


def test_the_far_end_sees_the_end_of_a_connection_that_is_not_kept(make: Callable[..., WebhookSink]) -> None:
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


def test_works_again_after_it_was_closed(make: Callable[..., WebhookSink]) -> None:
    """Closing gives the connection back, nothing more."""
    with Receiver() as receiver:
        sink = make(receiver.url)
        sink.deliver([A])
        sink.close()
        assert {} == sink.deliver([B])
    assert 2 == receiver.connections


def test_serves_several_threads(make: Callable[..., WebhookSink]) -> None:
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
def test_any_2xx_accepts(make: Callable[..., WebhookSink], status: int) -> None:
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
    make: Callable[..., WebhookSink], status: int, expected: tuple[str, bool, bool, float | None]
) -> None:
    """The reason, whether it is for good, whether the sink stops, and for how long it was asked to wait."""
    with Receiver(reply(status)) as receiver:
        error = only(make(receiver.url).deliver([A]))
    assert expected == (error.reason, error.permanent, error.stop, error.retry_after)


@pytest.mark.parametrize("status", [429, 503])
def test_waits_as_long_as_it_is_asked_to(make: Callable[..., WebhookSink], status: int) -> None:
    """In seconds, or until a time by our clock."""
    later = format_datetime(datetime(2026, 11, 21, 12, 2, tzinfo=UTC), usegmt=True)
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with Receiver(reply(status, Retry_After="7"), reply(status, Retry_After=later)) as receiver:
        sink = make(receiver.url, clock=lambda: noon)
        assert [7.0, 120.0] == [only(sink.deliver([A])).retry_after for _ in range(2)]


def test_no_redirect_is_followed(make: Callable[..., WebhookSink]) -> None:
    """The signature is for the address that is configured; the error says where to correct it."""
    with Receiver() as elsewhere, Receiver(reply(307, Location=elsewhere.url)) as receiver:
        error = only(make(receiver.url).deliver([A]))
    assert [] == elsewhere.received
    assert (
        f"127.0.0.1:{receiver.server_port} answered 307 Temporary Redirect; "
        "redirects are not followed: configure the final address"
    ) == str(error)


def test_the_first_line_of_an_answer_is_kept(make: Callable[..., WebhookSink]) -> None:
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
def test_an_answer_that_repeats_a_secret_does_not_tell_it(
    make: Callable[..., WebhookSink], said: str, told: str
) -> None:
    """Receivers quote requests; own headers and the path of the URL are masked in the error."""
    with Receiver(reply(401, said)) as receiver:
        sink = make(f"{receiver.url}/hunter3?key=hunter4", headers={"Authorization": "Bearer hunter2-hunter2"})
        error = only(sink.deliver([A]))
    assert str(error).endswith(f"401 Unauthorized: {told}")


def test_an_error_does_not_tell_the_path(make: Callable[..., WebhookSink]) -> None:
    """The path of a webhook is often its secret; so is what a URL asks for."""
    url = f"http://127.0.0.1:{closed_port()}/services/T00/hunter2?token=hunter3"
    sink = make(url)
    assert "hunter" not in str(only(sink.deliver([A]))) + repr(sink)


# What hurts.


def test_an_answer_of_ten_mebibytes_is_not_read(make: Callable[..., WebhookSink]) -> None:
    """The status is all that matters: the event is accepted, and the next one gets a connection of its own."""
    with Receiver(reply(200, b"x" * 10 * 1024**2)) as receiver:
        sink = make(receiver.url)
        assert ({}, {}) == (sink.deliver([A]), sink.deliver([B]))
    assert 2 == receiver.connections


def test_a_refusal_of_ten_mebibytes_is_told_in_short(make: Callable[..., WebhookSink]) -> None:
    """Of its first line as much as fits."""
    with Receiver(reply(400, b"x" * 10 * 1024**2)) as receiver:
        error = only(make(receiver.url).deliver([A]))
    assert f"127.0.0.1:{receiver.server_port} answered 400 Bad Request: {'x' * 200}…" == str(error)


ACCEPTED: Final = b"HTTP/1.1 200 OK\r\n\r\n"
CHUNKED: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("answer", [pour(ACCEPTED), drip(ACCEPTED), drip(CHUNKED)], ids=["fast", "slow", "chunk"])
def test_an_answer_that_never_ends_holds_nobody(
    make: Callable[..., WebhookSink], answer: Callable[[Handler], None]
) -> None:
    """It was accepted when its status came; the rest is cut off."""
    with Receiver(answer) as receiver:
        assert {} == make(receiver.url, timeout=0.5).deliver([A])


@pytest.mark.parametrize(
    "answer",
    [hang, drip(b""), drip(b"HTTP/1.1 200 OK\r\nX-Wait: ")],
    ids=["silence", "status line", "header"],
)
def test_an_answer_that_never_comes_is_a_time_out(
    make: Callable[..., WebhookSink], answer: Callable[[Handler], None]
) -> None:
    """Also one that comes a byte at a time, so that no single wait is long."""
    with Receiver(answer) as receiver:
        error = only(make(receiver.url, timeout=0.3).deliver([A]))
    assert ("timed_out", False) == (error.reason, error.permanent)
    assert f"127.0.0.1:{receiver.server_port}: no whole answer within 0.3 s" == str(error)


def test_goes_on_after_a_time_out(make: Callable[..., WebhookSink]) -> None:
    """What was cut off is not used again."""
    with Receiver(hang, reply(204)) as receiver:
        sink = make(receiver.url, timeout=0.3)
        assert ["timed_out"] == [error.reason for error in sink.deliver([A]).values()]
        assert {} == sink.deliver([A])
    assert 2 == receiver.connections


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reset, "connection_reset"),
        (hang_up, "connection_reset"),
        (raw(b"220 mail.example.com ESMTP\r\n"), "response_malformed"),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"), "response_malformed"),
        (raw(b"HTTP/1.1 2000 OK\r\n\r\n"), "response_malformed"),
    ],
    ids=["reset", "end", "no HTTP", "too many headers", "no status"],
)
def test_a_broken_answer_may_be_better_next_time(
    make: Callable[..., WebhookSink], answer: Callable[[Handler], None], reason: str
) -> None:
    """None of it says that the event is bad."""
    with Receiver(answer) as receiver:
        error = only(make(receiver.url).deliver([A]))
    assert (reason, False) == (error.reason, error.permanent)


def test_a_host_that_refuses(make: Callable[..., WebhookSink]) -> None:
    """Nobody listens at the port."""
    port = closed_port()
    said = "cannot be connected to: Connection refused; check the address, the port and the firewall"
    assert {1: ("connection_refused", f"127.0.0.1:{port}: {said}")} == told(
        make(f"http://127.0.0.1:{port}/").deliver([A])
    )


def test_a_name_that_does_not_exist(make: Callable[..., WebhookSink]) -> None:
    """`.invalid` never does (RFC 2606)."""
    error = only(make("http://hooks.invalid/").deliver([A]))
    assert ("host_unknown", False) == (error.reason, error.permanent)
    assert str(error).startswith("hooks.invalid: its name cannot be resolved: ")


def test_a_name_that_resolves_slowly(make: Callable[..., WebhookSink], monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes of it too late is not sent any more: the event would come out of order."""
    resolve = socket.getaddrinfo
    late = threading.Event()

    def slowly(*arguments: Any, **named: Any) -> Any:
        late.wait(1.0)
        return resolve(*arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    with Receiver() as receiver:
        error = only(make(receiver.url, timeout=0.2).deliver([A]))
    assert ("timed_out", False, []) == (error.reason, error.permanent, receiver.received)


def test_nothing_is_lost_to_a_far_end_that_fails_at_random(make: Callable[..., WebhookSink]) -> None:
    """Whatever was not accepted says so, so that it can be tried until it is."""
    with Receiver(at_random(Random(7), 0.4)) as receiver:
        sink = make(receiver.url)
        for message in (A, B, C) * 20:
            while sink.deliver([message]):
                pass
    assert 60 <= len(receiver.received)
    assert {A.id, B.id, C.id} == {request.headers["webhook-id"] for request in receiver.received}


# TLS.


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("ca"))


def test_verifies_by_an_own_ca(make: Callable[..., WebhookSink], authority: Authority) -> None:
    """And uses the connection again."""
    with Receiver(identity=authority.issue("127.0.0.1")) as receiver:
        sink = make(receiver.url, ca=authority.pem)
        assert ({}, {}) == (sink.deliver([A]), sink.deliver([B]))
    assert 1 == receiver.connections


@pytest.mark.parametrize(
    ("host", "since", "until", "hint"),
    [
        ("127.0.0.1", -2, -1, "the certificate has expired; it must be renewed there"),
        ("127.0.0.1", 1, 2, "the certificate is not valid yet; check the clocks of both machines"),
        ("10.0.0.1", -1, 1, "the certificate is for another IP address; use the name in the URL"),
    ],
    ids=["expired", "not yet", "another host"],
)
def test_a_wrong_certificate(
    make: Callable[..., WebhookSink], authority: Authority, host: str, since: int, until: int, hint: str
) -> None:
    """Nothing is sent, and the error says what is wrong with it and what to do."""
    identity = authority.issue(host, since=timedelta(days=since), until=timedelta(days=until))
    with Receiver(identity=identity) as receiver:
        error = only(make(receiver.url, ca=authority.pem).deliver([A]))
    assert ("tls_failed", False, []) == (error.reason, error.permanent, receiver.received)
    assert hint in str(error)


def test_a_certificate_of_an_unknown_ca(make: Callable[..., WebhookSink], authority: Authority) -> None:
    """Without the setting, the machine's own CAs count, and with it no others."""
    other = Authority.make(authority.directory, "Another CA")
    with Receiver(identity=authority.issue("127.0.0.1")) as receiver:
        errors = [only(make(receiver.url, ca=ca).deliver([A])) for ca in (None, other.pem)]
    assert (["tls_failed"] * 2, []) == ([error.reason for error in errors], receiver.received)
    assert "put the CA's certificate into ca_file" in str(errors[0])


def test_a_certificate_for_another_name(make: Callable[..., WebhookSink], authority: Authority) -> None:
    """Also where the address is right."""
    with Receiver(identity=authority.issue("elsewhere.example")) as receiver:
        url = f"https://localhost:{receiver.server_port}/"
        error = only(make(url, ca=authority.pem).deliver([A]))
    assert "tls_failed" == error.reason
    assert "the certificate is for another host name; correct the URL, or the certificate there" in str(error)


def test_a_far_end_without_tls(make: Callable[..., WebhookSink]) -> None:
    """https to a port that speaks plain HTTP."""
    with Receiver() as receiver:
        error = only(make(receiver.url.replace("http:", "https:")).deliver([A]))
    assert "tls_failed" == error.reason
    assert str(error).endswith("is this an https address, and does it speak TLS 1.2 or later?")


def test_a_handshake_that_never_ends(make: Callable[..., WebhookSink]) -> None:
    """A byte now and then, so that no single wait is long."""
    handshake = b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\xfc"
    with Silent(handshake, *(b"x" for _ in range(400))) as far_end:
        error = only(make(f"https://127.0.0.1:{far_end.port}/", timeout=0.5).deliver([A]))
    assert "timed_out" == error.reason


def test_an_old_version_of_tls(make: Callable[..., WebhookSink], authority: Authority) -> None:
    """Below 1.2 nothing is sent."""
    identity = replace(authority.issue("127.0.0.1"), old=True)
    with Receiver(identity=identity) as receiver:
        error = only(make(receiver.url, ca=authority.pem).deliver([A]))
    assert ("tls_failed", []) == (error.reason, receiver.received)


# Proxies.


def test_goes_through_a_proxy(make: Callable[..., WebhookSink]) -> None:
    """Over plain HTTP the proxy gets the whole URL, and the user and password that it wants."""
    with Receiver() as proxy:
        sink = make("http://hooks.invalid/x", proxy=f"http://us%40er:hunter2@127.0.0.1:{proxy.server_port}")
        assert {} == sink.deliver([A])
    (request,) = proxy.received
    assert "http://hooks.invalid/x" == request.path
    assert "Basic dXNAZXI6aHVudGVyMg==" == request.headers["proxy-authorization"]


def test_goes_through_a_tunnel(make: Callable[..., WebhookSink], authority: Authority) -> None:
    """Over https the proxy is asked for the far end's name, and the certificate is verified for that name."""
    with Receiver(identity=authority.issue("hooks.invalid")) as receiver, Tunnel(receiver.server_port) as proxy:
        sink = make("https://hooks.invalid/x", ca=authority.pem, proxy=f"http://user:hunter2@127.0.0.1:{proxy.port}")
        assert ({}, {}) == (sink.deliver([A]), sink.deliver([B]))
        sink.close()
    request, *more = proxy.asked
    assert (request.splitlines()[0], []) == ("CONNECT hooks.invalid:443 HTTP/1.0", more)
    assert "proxy-authorization: basic dxnlcjpodw50zxiy" in request.lower()
    assert [False, False] == ["proxy-authorization" in each.headers for each in receiver.received]


def test_a_proxy_that_refuses(make: Callable[..., WebhookSink]) -> None:
    """It is named as what stands in the way, without its password."""
    with Silent(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") as proxy:
        error = only(make("https://hooks.invalid/", proxy=f"http://u:hunter2@127.0.0.1:{proxy.port}").deliver([A]))
    assert ("proxy_failed", False) == (error.reason, error.permanent)
    assert (
        "hooks.invalid: the proxy does not let us through: Tunnel connection failed: 407 Proxy Authentication Required"
    ) == str(error)


def test_a_proxy_that_is_down(make: Callable[..., WebhookSink]) -> None:
    """The name of the far end is the proxy's to resolve."""
    error = only(make("https://hooks.invalid/", proxy=f"http://127.0.0.1:{closed_port()}").deliver([A]))
    assert ("proxy_failed", "hooks.invalid: the proxy does not let us through: Connection refused") == (
        error.reason,
        str(error),
    )


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
