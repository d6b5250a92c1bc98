"""Far ends that hang, reset, drip, pour, or are not there: a clear reason, and nothing lost."""

from __future__ import annotations

import socket
import threading
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.sinks.listeners import closed_port
from tests.sinks.receiver import Receiver, at_random, drip, hang, hang_up, pour, raw, reply, reset
from tests.sinks.webhooks import A, B, C, Make, only, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sinks.receiver import Handler


def test_an_answer_of_ten_mebibytes_is_not_read(make: Make) -> None:
    """The status is all that matters: the event is accepted, and the next one gets a connection of its own."""
    with Receiver(reply(200, b"x" * 10 * 1024**2)) as receiver:
        sink = make(receiver.url)
        assert ({}, {}) == (sink.deliver([A]), sink.deliver([B]))
    assert 2 == receiver.connections


def test_a_refusal_of_ten_mebibytes_is_told_in_short(make: Make) -> None:
    """Of its first line as much as fits."""
    with Receiver(reply(400, b"x" * 10 * 1024**2)) as receiver:
        error = only(make(receiver.url).deliver([A]))
    assert f"127.0.0.1:{receiver.server_port} answered 400 Bad Request: {'x' * 200}…" == str(error)


ACCEPTED: Final = b"HTTP/1.1 200 OK\r\n\r\n"
LONG_ENOUGH: Final = 3.0
"""Seconds in which this machine answers itself, whatever else it has to do; a test waits for their end."""
CHUNKED: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("answer", [pour(ACCEPTED), drip(ACCEPTED), drip(CHUNKED)], ids=["fast", "slow", "chunk"])
def test_an_answer_that_never_ends_holds_nobody(make: Make, answer: Callable[[Handler], None]) -> None:
    """It was accepted when its status came; the rest is cut off."""
    with Receiver(answer) as receiver:
        assert {} == make(receiver.url, timeout=LONG_ENOUGH).deliver([A])


@pytest.mark.parametrize(
    "answer",
    [hang, drip(b""), drip(b"HTTP/1.1 200 OK\r\nX-Wait: ")],
    ids=["silence", "status line", "header"],
)
def test_an_answer_that_never_comes_is_a_time_out(make: Make, answer: Callable[[Handler], None]) -> None:
    """Also one that comes a byte at a time, so that no single wait is long."""
    with Receiver(answer) as receiver:
        error = only(make(receiver.url, timeout=1.5).deliver([A]))
    assert ("timed_out", False) == (error.reason, error.permanent)
    assert f"127.0.0.1:{receiver.server_port}: no whole answer within 1.5 s" == str(error)


def test_goes_on_after_a_time_out(make: Make) -> None:
    """What was cut off is not used again."""
    with Receiver(hang, reply(204)) as receiver:
        sink = make(receiver.url, timeout=LONG_ENOUGH)
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
def test_a_broken_answer_may_be_better_next_time(make: Make, answer: Callable[[Handler], None], reason: str) -> None:
    """None of it says that the event is bad."""
    with Receiver(answer) as receiver:
        error = only(make(receiver.url).deliver([A]))
    assert (reason, False) == (error.reason, error.permanent)


def test_a_host_that_refuses(make: Make) -> None:
    """Nobody listens at the port."""
    said = "cannot be connected to: Connection refused; check the address, the port and the firewall"
    with closed_port() as port:
        refused = told(make(f"http://127.0.0.1:{port}/").deliver([A]))
    assert {1: ("connection_refused", f"127.0.0.1:{port}: {said}")} == refused


def test_a_name_that_does_not_exist(make: Make) -> None:
    """`.invalid` never does (RFC 2606)."""
    error = only(make("http://hooks.invalid/").deliver([A]))
    assert ("host_unknown", False) == (error.reason, error.permanent)
    assert str(error).startswith("hooks.invalid: its name cannot be resolved: ")


def test_a_name_that_resolves_slowly(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes of it too late is not sent any more: the event would come out of order."""
    resolve = socket.getaddrinfo
    late = threading.Event()

    def slowly(*arguments: Any, **named: Any) -> Any:
        late.wait(0.4)
        return resolve(*arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    with Receiver() as receiver:
        error = only(make(receiver.url, timeout=0.2).deliver([A]))
    assert ("timed_out", False, []) == (error.reason, error.permanent, receiver.received)


def test_nothing_is_lost_to_a_far_end_that_fails_at_random(make: Make) -> None:
    """Whatever was not accepted says so, so that it can be tried until it is."""
    with Receiver(at_random(Random(7), 0.4)) as receiver:
        sink = make(receiver.url)
        for message in (A, B, C) * 20:
            while sink.deliver([message]):
                pass
    assert 60 <= len(receiver.received)
    assert {A.id, B.id, C.id} == {request.headers["webhook-id"] for request in receiver.received}
