from __future__ import annotations

import random
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.dispatcher import Dispatcher, Sink, Terms
from monitor.domain.delivery import DeliveryState
from monitor.domain.retry import RetryPolicy
from monitor.errors import DeliveryError, StateUnavailableError
from tests.dispatcher.fakes import DEADLINE, FakeSink, HangingSink, World, told
from tests.fakes_outbox import NOON, an_event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.domain.delivery import Message

TERMS = Terms()


class Running:
    """A dispatcher that runs, in a world."""

    def __init__(self, *, check_every: float = DEADLINE) -> None:
        self.world = World()
        self.dispatcher = Dispatcher(
            self.world.outbox,
            self.world.observer,
            clock=self.world.clock,
            chance=lambda: 1.0,
            check_every=check_every,
            log=self.world.log.logger,
        )

    def serve(self, **sinks: Sink) -> None:
        self.dispatcher.reconfigure({name: (sink, TERMS) for name, sink in sinks.items()})


@pytest.fixture
def running() -> Iterator[Running]:
    """One that looks into the outbox only when it is told to: whatever moves does so by a notification."""
    running = Running()
    running.dispatcher.start()
    yield running
    running.dispatcher.stop(DEADLINE)


def idle(running: Running) -> None:
    """Wait until each worker has looked once and found nothing."""
    assert running.dispatcher.drain(DEADLINE)


def test_delivers_what_waited_at_the_start() -> None:
    """Deliveries of an earlier process are pushed on without a notification."""
    running, sink = Running(), FakeSink()
    running.world.outbox.put(an_event(), ["ops"])
    running.serve(ops=sink)
    running.dispatcher.start()
    assert running.world.outbox.wait_for(lambda: running.world.outbox.calls["settle"] == 1)
    running.dispatcher.stop(DEADLINE)
    assert ["a:1"] == sink.accepted


def test_delivers_at_a_notification(running: Running) -> None:
    """A notification wakes the workers long before the next look."""
    sink = FakeSink()
    running.serve(ops=sink)
    idle(running)
    running.world.outbox.put(an_event(), ["ops"])
    running.dispatcher.notify()
    assert running.world.outbox.wait_for(lambda: running.world.outbox.calls["settle"] == 1)
    assert ["a:1"] == sink.accepted


def test_finds_by_itself_what_another_process_stored() -> None:
    """Without any notification the next look finds it."""
    running, sink = Running(check_every=0.01), FakeSink()
    running.serve(ops=sink)
    running.dispatcher.start()
    assert running.world.outbox.wait_for(lambda: running.world.outbox.calls["claim"] >= 1)
    running.world.outbox.put(an_event(), ["ops"])
    assert running.world.outbox.wait_for(lambda: running.world.outbox.calls["settle"] == 1)
    running.dispatcher.stop(DEADLINE)
    assert ["a:1"] == sink.accepted


def test_a_hanging_sink_holds_no_other(running: Running) -> None:
    """While one sink hangs, another gets everything."""
    hanging, sink = HangingSink(), FakeSink()
    running.world.outbox.put(an_event("a", 1), ["slow", "ops"])
    running.world.outbox.put(an_event("a", 2), ["slow", "ops"])
    running.serve(slow=hanging, ops=sink)
    assert hanging.entered.wait(DEADLINE)
    assert running.world.outbox.wait_for(lambda: running.world.outbox.get("ops", 2).state is DeliveryState.DELIVERED)
    accepted = list(sink.accepted)
    hanging.released.set()
    assert ["a:1", "a:2"] == accepted


def test_drain_pushes_on_what_is_due(running: Running) -> None:
    """Afterwards every event that was due is accepted and settled, one version's in order."""
    sink = FakeSink()
    running.serve(ops=sink)
    for sequence in range(1, 6):
        running.world.outbox.put(an_event("a", sequence), ["ops"])
    assert running.dispatcher.drain(DEADLINE) is True
    assert ["a:1", "a:2", "a:3", "a:4", "a:5"] == sink.accepted


def test_drain_does_not_wait_for_a_retry(running: Running) -> None:
    """What failed is due later, so nothing due is left."""
    sink = FakeSink()
    sink.raising = DeliveryError("down", reason="down")
    running.serve(ops=sink)
    running.world.outbox.put(an_event(), ["ops"])
    assert running.dispatcher.drain(DEADLINE) is True
    assert DeliveryState.PENDING is running.world.outbox.get("ops", 1).state


def test_drain_says_that_a_sink_hangs(running: Running) -> None:
    """With a sink that does not return in time, the answer is no."""
    hanging = HangingSink()
    running.world.outbox.put(an_event(), ["ops"])
    running.serve(ops=hanging)
    assert hanging.entered.wait(DEADLINE)
    assert running.dispatcher.drain(0) is False
    hanging.released.set()


def test_survives_an_outbox_that_fails() -> None:
    """While the outbox cannot be used the worker tries again, says so once, and says when it is over."""
    running, sink = Running(check_every=0.01), FakeSink()
    outbox = running.world.outbox
    outbox.put(an_event(), ["ops"])
    outbox.trouble["claim"] = StateUnavailableError("database is locked")
    running.serve(ops=sink)
    running.dispatcher.start()
    assert outbox.wait_for(lambda: outbox.calls["claim"] >= 3)
    outbox.trouble.clear()
    assert running.dispatcher.drain(DEADLINE)
    running.dispatcher.stop(DEADLINE)
    assert ["a:1"] == sink.accepted
    assert ["dispatch.failed", "dispatch.recovered"] == running.world.log.events()


def test_settles_later_what_was_accepted_on_a_full_disk() -> None:
    """A worker whose settlements are refused goes on trying to settle, and sends nothing twice."""
    running, sink = Running(check_every=0.01), FakeSink()
    outbox = running.world.outbox
    outbox.put(an_event(), ["ops"])
    outbox.trouble["settle"] = StateUnavailableError("disk full")
    running.serve(ops=sink)
    running.dispatcher.start()
    assert outbox.wait_for(lambda: outbox.calls["settle"] >= 3)
    outbox.trouble.clear()
    assert running.dispatcher.drain(DEADLINE)
    running.dispatcher.stop(DEADLINE)
    assert ["a:1"] == sink.accepted
    assert DeliveryState.DELIVERED is outbox.get("ops", 1).state


def test_settles_while_it_stops() -> None:
    """A stop goes on settling until it works, within its time."""
    running = Running(check_every=0.01)
    outbox = running.world.outbox
    outbox.put(an_event(), ["ops"])
    outbox.trouble["settle"] = StateUnavailableError("disk full")
    running.serve(ops=FakeSink())
    running.dispatcher.start()
    assert outbox.wait_for(lambda: outbox.calls["settle"] >= 1)
    stopping = threading.Thread(target=running.dispatcher.stop, args=(DEADLINE,))
    stopping.start()
    seen = outbox.calls["settle"]
    assert outbox.wait_for(lambda: outbox.calls["settle"] > seen + 1)
    outbox.trouble.clear()
    stopping.join(DEADLINE)
    assert DeliveryState.DELIVERED is outbox.get("ops", 1).state


def test_says_what_could_not_be_settled_in_time() -> None:
    """A stop whose time is over leaves the settlements and says that there will be resends."""
    running = Running()
    outbox = running.world.outbox
    outbox.put(an_event(), ["ops"])
    outbox.trouble["settle"] = StateUnavailableError("disk full")
    running.serve(ops=FakeSink())
    running.dispatcher.start()
    assert outbox.wait_for(lambda: outbox.calls["settle"] >= 1)
    running.dispatcher.stop(DEADLINE)  # no more than until the next look: there is no time for another
    assert ["dispatch.failed", "settlements.lost"] == running.world.log.events()


def test_a_log_that_cannot_be_written_ends_no_worker() -> None:
    """A worker whose every line fails delivers what comes afterwards."""
    running, sink = Running(check_every=0.01), FakeSink()
    sink.raising = DeliveryError("down", reason="down")
    running.world.log.breaking = OSError("no space left on device")
    running.world.outbox.put(an_event(), ["ops"])
    running.serve(ops=sink)
    running.dispatcher.start()
    idle(running)
    sink.raising = None
    running.world.clock.advance(60)
    idle(running)
    running.dispatcher.stop(DEADLINE)
    assert ["a:1"] == sink.accepted


def test_a_new_sink_begins_at_a_reload(running: Running) -> None:
    """A sink that is added while the dispatcher runs gets its deliveries."""
    running.serve(ops=FakeSink())
    added = FakeSink()
    running.world.outbox.put(an_event(), ["audit"])
    running.serve(ops=FakeSink(), audit=added)
    idle(running)
    assert ["a:1"] == added.accepted


def test_a_removed_sink_ends_at_a_reload(running: Running) -> None:
    """A sink that is gone is closed and gets nothing any more."""
    sink = FakeSink()
    running.serve(ops=sink)
    running.serve()
    running.world.outbox.put(an_event(), ["ops"])
    idle(running)
    assert (True, []) == (sink.closed.is_set(), sink.accepted)


def test_an_equal_sink_does_not_notice_a_reload(running: Running) -> None:
    """The same sink stays open and at work, while others come and go."""
    sink = FakeSink()
    running.serve(ops=sink, other=FakeSink())
    running.serve(ops=sink)
    running.world.outbox.put(an_event(), ["ops"])
    idle(running)
    assert (False, ["a:1"]) == (sink.closed.is_set(), sink.accepted)


def test_an_equal_sink_takes_the_new_policy(running: Running) -> None:
    """A reload that changes only the retry policy changes what becomes of the next failure."""
    sink = FakeSink()
    sink.raising = DeliveryError("down", reason="down")
    running.serve(ops=sink)
    running.dispatcher.reconfigure({"ops": (sink, Terms(policy=RetryPolicy(max_attempts=1)))})
    running.world.outbox.put(an_event(), ["ops"])
    idle(running)
    assert DeliveryState.DEAD is running.world.outbox.get("ops", 1).state


def test_a_changed_sink_takes_over_at_a_reload(running: Running) -> None:
    """Another sink of the same name gets what comes from then on; the old one is closed."""
    old, new = FakeSink(), FakeSink()
    running.serve(ops=old)
    running.serve(ops=new)
    running.world.outbox.put(an_event(), ["ops"])
    idle(running)
    assert (True, [], ["a:1"]) == (old.closed.is_set(), old.accepted, new.accepted)


def test_stop_closes_the_sinks() -> None:
    """After a stop every sink is closed, those that never ran too."""
    running, started, never = Running(), FakeSink(), FakeSink()
    running.serve(ops=started)
    running.dispatcher.start()
    running.dispatcher.stop(DEADLINE)
    unstarted = Running()
    unstarted.serve(ops=never)
    unstarted.dispatcher.stop(DEADLINE)
    assert (True, True) == (started.closed.is_set(), never.closed.is_set())


def test_stop_leaves_no_thread() -> None:
    """Every thread that the dispatcher started has ended."""
    before = set(threading.enumerate())
    running = Running()
    running.serve(ops=FakeSink(), audit=FakeSink())
    running.dispatcher.start()
    running.dispatcher.stop(DEADLINE)
    assert set() == set(threading.enumerate()) - before


def test_stop_names_a_sink_that_hangs() -> None:
    """A sink that does not return in time is logged and left; what it was given is not settled."""
    running, hanging = Running(), HangingSink()
    running.world.outbox.put(an_event(), ["ops"])
    running.serve(ops=hanging)
    running.dispatcher.start()
    assert hanging.entered.wait(DEADLINE)
    running.dispatcher.stop(0)
    lines = [(line["event"], line["sink"]) for line in running.world.log.lines]
    state = running.world.outbox.get("ops", 1).state
    hanging.released.set()
    assert hanging.closed.wait(DEADLINE)
    assert [("sink.left_hanging", "ops")] == lines
    assert DeliveryState.PENDING is state


def test_progress_shows_since_when_a_sink_hangs() -> None:
    """A worker that rounds goes along with the time, one whose sink hangs stays behind."""
    running, hanging, now = World(), HangingSink(), [100.0]
    dispatcher = Dispatcher(
        running.outbox,
        running.observer,
        clock=running.clock,
        chance=lambda: 1.0,
        monotonic=lambda: now[0],
        check_every=DEADLINE,
        log=running.log.logger,
    )
    dispatcher.reconfigure({"slow": (hanging, TERMS), "ops": (FakeSink(), TERMS)})
    dispatcher.start()
    running.outbox.put(an_event(), ["slow"])
    dispatcher.notify()
    assert hanging.entered.wait(DEADLINE)
    now[0] = 160.0
    dispatcher.notify()
    shown = running.outbox.wait_for(lambda: dispatcher.progress() == {"slow": 100.0, "ops": 160.0})
    hanging.released.set()
    dispatcher.stop(DEADLINE)
    assert shown, dispatcher.progress()


def test_measures_what_waits() -> None:
    """The observer is told of each sink's outbox: those that run, and those that have something left."""
    running, hanging = Running(check_every=0.01), HangingSink()
    running.world.outbox.put(an_event(), ["slow", "gone"])
    running.serve(slow=hanging, ops=FakeSink())
    running.dispatcher.start()
    seen = running.world.outbox.calls["outbox_stats"]
    assert running.world.outbox.wait_for(lambda: running.world.outbox.calls["outbox_stats"] > seen + 1)
    waiting = dict(running.world.observer.waiting)
    hanging.released.set()
    running.dispatcher.stop(DEADLINE)
    assert {"slow": (1, NOON), "gone": (1, NOON), "ops": (0, None)} == waiting


def test_measuring_survives_an_outbox_that_fails() -> None:
    """The gauge goes on after looks that failed, and says so once."""
    running = Running(check_every=0.01)
    outbox = running.world.outbox
    outbox.trouble["outbox_stats"] = StateUnavailableError("database is locked")
    running.dispatcher.start()
    assert outbox.wait_for(lambda: outbox.calls["outbox_stats"] >= 3)
    outbox.trouble.clear()
    outbox.put(an_event(), ["gone"])
    seen = outbox.calls["outbox_stats"]
    assert outbox.wait_for(lambda: outbox.calls["outbox_stats"] > seen + 1)
    running.dispatcher.stop(DEADLINE)
    assert {"gone": (1, NOON)} == running.world.observer.waiting
    assert ["outbox.unmeasured"] == running.world.log.events()


# Several calls at once.


class Meeting(FakeSink):
    """Lets nobody go before so many calls are under way at once."""

    def __init__(self, guests: int) -> None:
        super().__init__(batch=1)
        self.barrier = threading.Barrier(guests, timeout=DEADLINE)
        self.order: list[str] = []

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        self.barrier.wait()
        self.order += map(told, messages)
        return super().deliver(messages)


def test_as_many_calls_are_under_way_as_the_terms_say(running: Running) -> None:
    """Three versions are delivered side by side, each in order."""
    sink = Meeting(3)
    for sequence in (1, 2):
        for version in "abc":
            running.world.outbox.put(an_event(version, sequence), ["ops"])
    running.dispatcher.reconfigure({"ops": (sink, Terms(concurrency=3))})
    idle(running)
    assert {version: [f"{version}:1", f"{version}:2"] for version in "abc"} == {
        version: [each for each in sink.order if each.startswith(version)] for version in "abc"
    }


def test_other_versions_pass_one_whose_call_hangs(running: Running) -> None:
    """A call that does not return holds its own version, and no other."""
    sink = HangingOn("a:1")
    for version, sequence in (("a", 1), ("a", 2), ("b", 1), ("b", 2), ("c", 1)):
        running.world.outbox.put(an_event(version, sequence), ["ops"])
    running.dispatcher.reconfigure({"ops": (sink, Terms(concurrency=2))})
    assert running.world.outbox.wait_for(
        lambda: all(
            running.world.outbox.get("ops", position).state is DeliveryState.DELIVERED for position in (3, 4, 5)
        )
    )
    meanwhile = list(sink.accepted)
    sink.released.set()
    idle(running)
    assert (["b:1", "c:1", "b:2"], ["a:1", "a:2"]) == (meanwhile, sink.accepted[3:])


class HangingOn(FakeSink):
    """Holds the call for one message until it is released."""

    def __init__(self, name: str) -> None:
        super().__init__(batch=1)
        self.name = name
        self.released = threading.Event()

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        if self.name in map(told, messages):
            assert self.released.wait(DEADLINE)
        return super().deliver(messages)


def test_more_carriers_begin_at_a_reload(running: Running) -> None:
    """Terms that allow more calls at once hold from then on."""
    sink = Meeting(2)
    running.serve(ops=sink)
    running.dispatcher.reconfigure({"ops": (sink, Terms(concurrency=2))})
    for version in "ab":
        running.world.outbox.put(an_event(version), ["ops"])
    idle(running)
    assert ["a:1", "b:1"] == sorted(sink.accepted)


def test_a_reload_asks_a_stopped_sink_again(running: Running) -> None:
    """Though it is the same as before."""
    sink = FakeSink()
    sink.raising = DeliveryError("410 Gone", reason="gone", stop=True)
    running.serve(ops=sink)
    running.world.outbox.put(an_event(), ["ops"])
    idle(running)
    sink.raising = None
    idle(running)
    before = list(sink.accepted)
    running.serve(ops=sink)
    idle(running)
    assert ([], ["a:1"]) == (before, sink.accepted)


def test_a_sink_that_takes_the_place_of_a_stopped_one_is_not_stopped(running: Running) -> None:
    """The number that tells of it begins anew."""
    sink = FakeSink()
    sink.raising = DeliveryError("410 Gone", reason="gone", stop=True)
    running.serve(ops=sink)
    running.world.outbox.put(an_event(), ["ops"])
    idle(running)
    before = dict(running.world.observer.stopped)
    running.serve(ops=FakeSink())
    assert ({"ops": True}, {"ops": False}) == (before, running.world.observer.stopped)


def test_a_long_story_is_not_claimed_one_by_one(running: Running) -> None:
    """What waits about one version is claimed in runs: the cost does not grow with the square of it."""
    sink = FakeSink(batch=1)
    for sequence in range(1, 1001):
        running.world.outbox.put(an_event("a", sequence), ["ops"])
    running.serve(ops=sink)
    idle(running)
    assert [f"a:{sequence}" for sequence in range(1, 1001)] == sink.accepted
    assert running.world.outbox.calls["claim"] < 20


class Flaky(FakeSink):
    """Refuses at random, some messages of a call or all; notes what it accepted, by version."""

    def __init__(self, seed: int) -> None:
        super().__init__(batch=3)
        self.drawing = threading.Lock()
        self.random = random.Random(seed)

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        with self.drawing:
            drawn = [self.random.random() for _ in messages]
            if drawn[0] < 0.1:
                raise DeliveryError("down", reason="down")
            refused = {
                message.position: DeliveryError("not now", reason="busy")
                for message, chance in zip(messages, drawn, strict=True)
                if chance < 0.3
            }
            self.accepted += [told(message) for message in messages if message.position not in refused]
            return refused


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_holds_whatever_is_refused(seed: int) -> None:
    """Four calls at once, batches, refusals of some and of all: each version's events arrive once, in order."""
    running, sink = Running(check_every=0.01), Flaky(seed)
    for sequence in range(1, 31):
        for version in "abcdefg":
            running.world.outbox.put(an_event(version, sequence), ["ops"])
    at_once = RetryPolicy(base=timedelta(0), max_attempts=1000)
    running.dispatcher.reconfigure({"ops": (sink, Terms(policy=at_once, concurrency=4))})
    running.dispatcher.start()
    idle(running)
    running.dispatcher.stop(DEADLINE)
    expected = {version: [f"{version}:{sequence}" for sequence in range(1, 31)] for version in "abcdefg"}
    assert expected == {version: [each for each in sink.accepted if each[0] == version] for version in "abcdefg"}
