"""Webhooks and the dispatcher together, against a real server."""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.dispatcher import Dispatcher, Terms
from monitor.domain.retry import RetryPolicy
from monitor.sinks.cloudevents import Mode
from monitor.sinks.webhook import WebhookSink
from tests.dispatcher.fakes import LogLines, Observer
from tests.fakes_outbox import MemoryOutbox, an_event
from tests.sinks.receiver import Receiver, at_random, reply

if TYPE_CHECKING:
    from collections.abc import Iterator

POLICY = RetryPolicy(base=timedelta(milliseconds=5), cap=timedelta(milliseconds=20), max_attempts=10_000)


def utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def delivering(outbox: MemoryOutbox, sink: WebhookSink, *, concurrency: int = 1) -> Iterator[Dispatcher]:
    """A dispatcher that delivers to *sink*, by the real clock and without long waits between attempts."""
    dispatcher = Dispatcher(
        outbox, Observer(), clock=utc_now, chance=random.random, check_every=0.02, log=LogLines().logger
    )
    dispatcher.reconfigure({"ops": (sink, Terms(policy=POLICY, concurrency=concurrency))})
    dispatcher.start()
    try:
        yield dispatcher
    finally:
        dispatcher.stop(5)


def settled(outbox: MemoryOutbox) -> bool:
    """Whether nothing waits any more, in time."""
    return outbox.wait_for(lambda: not outbox.outbox_stats())


@pytest.mark.parametrize("mode", [Mode.STRUCTURED, Mode.BATCH])
def test_each_version_arrives_whole_and_in_order(mode: Mode) -> None:
    """From a far end that fails at random, several requests at once: all of it, resends with the id they had."""
    outbox = MemoryOutbox()
    sent = {version: [an_event(version, n) for n in range(1, 16)] for version in "abcdef"}
    for events in zip(*sent.values(), strict=True):
        for event in events:
            outbox.put(event, ["ops"], at=utc_now())
    with Receiver(at_random(random.Random(5), 0.3)) as receiver:
        sink = WebhookSink(url=receiver.url, mode=mode, timeout=60, clock=utc_now)
        with delivering(outbox, sink, concurrency=4):
            assert settled(outbox)
        taken = [event for request in receiver.received for event in _events(request.json)]
    arrived: defaultdict[str, list[str]] = defaultdict(list)
    for event in taken:
        if event["id"] not in arrived[event["subject"]]:
            arrived[event["subject"]].append(event["id"])
    assert {events[0].subject: [event.id for event in events] for events in sent.values()} == arrived


def _events(body: object) -> list[dict[str, str]]:
    return body if isinstance(body, list) else [body]  # type: ignore[list-item]  # one event is a mapping


def test_410_stops_the_sink_until_a_reload() -> None:
    """What waits is kept, nothing more is asked, and after the reload it arrives."""
    outbox = MemoryOutbox()
    for version in "ab":
        outbox.put(an_event(version), ["ops"], at=utc_now())
    with Receiver(reply(410, "unsubscribed"), reply(204)) as receiver:
        sink = WebhookSink(url=receiver.url, timeout=60, clock=utc_now)
        with delivering(outbox, sink) as dispatcher:
            assert outbox.wait_for(lambda: outbox.calls["settle"] >= 1)
            looked = threading.Event()
            threading.Timer(0.1, looked.set).start()
            assert looked.wait(5)
            assert (1, 2) == (len(receiver.received), outbox.outbox_stats()["ops"].pending)
            dispatcher.reconfigure({"ops": (WebhookSink(url=receiver.url, timeout=60, clock=utc_now), Terms())})
            assert settled(outbox)
    assert 3 == len(receiver.received)
