from __future__ import annotations

from datetime import UTC, time, timedelta

import pytest

from monitor.dispatcher import Terms
from monitor.dispatcher.courier import Courier
from monitor.domain.delivery import Delivery, DeliveryState
from monitor.domain.events import EventType
from monitor.domain.flapping import FlappingPolicy
from monitor.domain.quiet import QuietWindow
from monitor.domain.retry import RetryPolicy
from monitor.domain.severity import Severity
from monitor.errors import DeliveryError, StateUnavailableError
from tests.dispatcher.fakes import FakeSink, World
from tests.fakes_outbox import NOON, an_event

POLICY = RetryPolicy(base=timedelta(seconds=1), cap=timedelta(seconds=60), max_attempts=4, max_age=timedelta(hours=1))
TERMS = Terms(policy=POLICY)
DOWN = DeliveryError("the far end is down", reason="down")
NO = DeliveryError("400 Bad Request", reason="refused", permanent=True)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def sink() -> FakeSink:
    return FakeSink()


@pytest.fixture
def courier(world: World, sink: FakeSink) -> Courier:
    return Courier("ops", sink, TERMS, world.surroundings())


def push(courier: Courier) -> bool:
    """One round as a worker with one carrier makes it, one call to the sink; whether there was anything."""
    courier.settle()
    courier.fetch()
    parcels = courier.take()
    if parcels:
        courier.bring_back(parcels, courier.carry(parcels))
        courier.settle()
    return bool(parcels)


def outcome(delivery: Delivery) -> tuple[DeliveryState, int, float, str | None]:
    """State, attempts, seconds after noon when it is due, error."""
    return delivery.state, delivery.attempts, (delivery.due_at - NOON).total_seconds(), delivery.error


def test_settles_what_the_sink_accepted(world: World, courier: Courier, sink: FakeSink) -> None:
    """An accepted delivery is delivered."""
    world.outbox.put(an_event(), ["ops"])
    assert push(courier) is True
    assert ["a:1"] == sink.accepted
    assert (DeliveryState.DELIVERED, 1, 0.0, None) == outcome(world.outbox.get("ops", 1))


def test_finds_nothing(courier: Courier, sink: FakeSink) -> None:
    """Without anything due the sink is not called."""
    assert push(courier) is False
    assert [] == sink.calls


def test_takes_no_more_than_the_sinks_batch(world: World) -> None:
    """A sink is handed as many messages as it takes in one call."""
    for version in "abcde":
        world.outbox.put(an_event(version), ["ops"])
    sink = FakeSink(batch=2)
    courier = Courier("ops", sink, TERMS, world.surroundings())
    while push(courier):
        pass
    assert [2, 2, 1] == sink.calls


def test_keeps_the_order_of_each_subject_over_a_failure(world: World, courier: Courier, sink: FakeSink) -> None:
    """The second event of a version waits for the first, that of another version does not."""
    for version, sequence in (("a", 1), ("a", 2), ("b", 1)):
        world.outbox.put(an_event(version, sequence), ["ops"])
    sink.refusing["a"] = DOWN
    while push(courier):
        pass
    sink.refusing.clear()
    world.clock.advance(60)
    while push(courier):
        pass
    assert ["b:1", "a:1", "a:2"] == sink.accepted


def test_doubles_the_wait_with_each_failure(world: World, courier: Courier, sink: FakeSink) -> None:
    """Capped exponential backoff: with the highest chance the waits are 1, 2 and 4 seconds; then it is dead."""
    world.outbox.put(an_event(), ["ops"])
    sink.raising = DOWN
    waits = []
    for _ in range(3):
        push(courier)
        due_at = world.outbox.get("ops", 1).due_at
        waits.append((due_at - world.clock.now).total_seconds())
        world.clock.now = due_at
    assert [1.0, 2.0, 4.0] == waits


def test_draws_the_wait(world: World, courier: Courier, sink: FakeSink) -> None:
    """Full jitter: the wait is the drawn part of the longest."""
    world.outbox.put(an_event(), ["ops"])
    world.chance = 0.25
    sink.raising = DOWN
    push(courier)
    assert (DeliveryState.PENDING, 1, 0.25, "the far end is down") == outcome(world.outbox.get("ops", 1))


def test_waits_as_long_as_the_far_end_asked(world: World, courier: Courier, sink: FakeSink) -> None:
    """Retry-After is obeyed where it is longer than the backoff."""
    world.outbox.put(an_event(), ["ops"])
    sink.raising = DeliveryError("429", reason="throttled", retry_after=30)
    push(courier)
    assert (DeliveryState.PENDING, 1, 30.0, "429") == outcome(world.outbox.get("ops", 1))


def test_gives_up_after_the_attempts(world: World, courier: Courier, sink: FakeSink) -> None:
    """The last attempt that is allowed makes a delivery dead."""
    world.outbox.put(an_event(), ["ops"])
    sink.raising = DOWN
    for _ in range(4):
        push(courier)
        world.clock.advance(60)
    error = "given up after 4 attempts: the far end is down"
    assert (DeliveryState.DEAD, 4, error) == (
        world.outbox.get("ops", 1).state,
        world.outbox.get("ops", 1).attempts,
        world.outbox.get("ops", 1).error,
    )
    assert 1 == world.observer.dead


def test_gives_up_by_age(world: World, courier: Courier, sink: FakeSink) -> None:
    """A delivery that fails when it is too old is dead whatever its attempts."""
    world.outbox.put(an_event(), ["ops"])
    sink.raising = DOWN
    world.clock.advance(3600)
    push(courier)
    expected = (DeliveryState.DEAD, 1, 0.0, "given up at the age of 1:00:00: the far end is down")
    assert expected == outcome(world.outbox.get("ops", 1))


def test_gives_up_at_once_what_is_refused_for_good(world: World, courier: Courier, sink: FakeSink) -> None:
    """A permanent refusal kills its own delivery, and the next event of the version goes on."""
    world.outbox.put(an_event("a", 1), ["ops"])
    world.outbox.put(an_event("a", 2), ["ops"])
    sink.refusing["a"] = NO
    push(courier)
    sink.refusing.clear()
    push(courier)
    assert (DeliveryState.DEAD, 1, 0.0, "refused for good: 400 Bad Request") == outcome(world.outbox.get("ops", 1))
    assert ["a:2"] == sink.accepted


def test_settles_a_batch_one_by_one(world: World, courier: Courier, sink: FakeSink) -> None:
    """One call's messages have each their own outcome."""
    for version in "abc":
        world.outbox.put(an_event(version), ["ops"])
    sink.refusing = {"a": DOWN, "b": NO}
    push(courier)
    states = [world.outbox.get("ops", position).state for position in (1, 2, 3)]
    assert [DeliveryState.PENDING, DeliveryState.DEAD, DeliveryState.DELIVERED] == states


def test_does_not_send_again_what_could_not_be_settled(world: World, courier: Courier, sink: FakeSink) -> None:
    """When the outbox cannot be written, only the settling is tried again."""
    world.outbox.put(an_event(), ["ops"])
    world.outbox.trouble["settle"] = StateUnavailableError("disk full")
    for _ in range(3):
        with pytest.raises(StateUnavailableError):
            push(courier)
    world.outbox.trouble.clear()
    push(courier)
    assert ["a:1"] == sink.accepted
    assert (DeliveryState.DELIVERED, 1, 0.0, None) == outcome(world.outbox.get("ops", 1))
    assert 0 == courier.unsettled


def test_counts_a_crash_of_the_sink_as_a_failed_attempt(world: World, courier: Courier, sink: FakeSink) -> None:
    """An exception that no sink promised is a failure like another, with a reason of its own."""
    world.outbox.put(an_event(), ["ops"])
    sink.raising = ZeroDivisionError("division by zero")
    push(courier)
    expected = (DeliveryState.PENDING, 1, 1.0, "ZeroDivisionError: division by zero")
    assert expected == outcome(world.outbox.get("ops", 1))
    assert {"unexpected": 1} == world.observer.failures


def test_logs_a_crash_with_its_traceback_once(world: World, courier: Courier, sink: FakeSink) -> None:
    """The first crash brings the exception into the log, the second is silent."""
    world.outbox.put(an_event(), ["ops"])
    sink.raising = ZeroDivisionError("division by zero")
    for _ in range(2):
        push(courier)
        world.clock.advance(60)
    assert [("sink.failed", sink.raising)] == [(line["event"], line["exc_info"]) for line in world.log.lines]


def test_logs_the_first_failure_and_the_recovery(world: World, courier: Courier, sink: FakeSink) -> None:
    """However often a sink fails, there is one line, and one when it works again."""
    world.outbox.put(an_event(), ["ops"])
    sink.raising = DOWN
    for _ in range(3):
        push(courier)
        world.clock.advance(60)
    sink.raising = None
    push(courier)
    failed = {"level": "warning", "event": "sink.failed", "sink": "ops", "reason": "down"}
    assert [
        failed | {"error": "the far end is down", "exc_info": None},
        {"level": "info", "event": "sink.recovered", "sink": "ops"},
    ] == world.log.lines


def test_logs_each_dead_delivery(world: World, courier: Courier, sink: FakeSink) -> None:
    """A delivery that is given up is named once, and its sink is not said to fail for it."""
    message = world.outbox.put(an_event(), ["ops"])
    sink.refusing["a"] = NO
    push(courier)
    assert [
        {
            "level": "error",
            "event": "delivery.abandoned",
            "sink": "ops",
            "reason": "refused",
            "error": "refused for good: 400 Bad Request",
            "attempts": 1,
            "position": 1,
            "id": message.id,
            "type": "rekognition.project_version.updated",
            "subject": message.subject,
        }
    ] == world.log.lines


def test_measures_from_the_events_time(world: World, courier: Courier) -> None:
    """The latency runs from the event's time to the acceptance, and a clock that went back makes it none."""
    world.outbox.put(an_event("a", time=NOON), ["ops"])
    world.outbox.put(an_event("b", time=NOON + timedelta(hours=1)), ["ops"])
    world.clock.advance(7)
    push(courier)
    assert [7.0, 0.0] == world.observer.latencies


@pytest.mark.parametrize(
    ("due_in", "pause"),
    [
        pytest.param(None, 1.0, id="nothing waits: until the next look"),
        pytest.param(0.4, 0.4, id="until it is due"),
        pytest.param(60, 1.0, id="no longer than until the next look"),
        pytest.param(-5, 0.01, id="never a busy loop"),
    ],
)
def test_pauses_until_something_is_due(world: World, courier: Courier, due_in: float | None, pause: float) -> None:
    """The pause ends when the next delivery is due, but lasts no longer than the time between two looks."""
    if due_in is not None:
        world.outbox.put(an_event(), ["ops"], at=NOON + timedelta(seconds=due_in))
    assert pause == courier.pause()


# What the far end asks of every call.


def test_rests_as_long_as_the_far_end_asked(world: World, courier: Courier, sink: FakeSink) -> None:
    """Retry-After means every call: nothing about any version goes before then."""
    for version in "abc":
        world.outbox.put(an_event(version), ["ops"])
    sink.batch = 1
    sink.raising = DeliveryError("429", reason="throttled", retry_after=30)
    push(courier)
    sink.raising = None
    world.ticks = 29.0
    early = push(courier), courier.pause()
    world.ticks = 30.0
    assert ((False, 1.0), True, [1, 1]) == (early, push(courier), sink.calls)


def test_rests_no_longer_than_an_hour(world: World, courier: Courier, sink: FakeSink) -> None:
    """A far end that asks for centuries keeps its one delivery waiting, and not the sink."""
    world.outbox.put(an_event("a"), ["ops"])
    world.outbox.put(an_event("b"), ["ops"])
    sink.batch = 1
    sink.raising = DeliveryError("429", reason="throttled", retry_after=1e9)
    push(courier)
    world.ticks = 3600.0
    assert push(courier) is True


GONE = DeliveryError("410 Gone", reason="gone", permanent=True, stop=True)


def test_a_sink_that_wants_nothing_more_gets_nothing(world: World, courier: Courier, sink: FakeSink) -> None:
    """What it refused waits with what follows, and says why; one line and one number tell of it."""
    for version in "ab":
        world.outbox.put(an_event(version), ["ops"])
    sink.batch = 1
    sink.raising = GONE
    push(courier)
    sink.raising = None
    assert (False, [1]) == (push(courier), sink.calls)
    error = "the sink is stopped until the configuration is loaded again: 410 Gone"
    assert (DeliveryState.PENDING, 1, 0.0, error) == outcome(world.outbox.get("ops", 1))
    assert (["sink.stopped"], {"ops": True}, 0) == (
        world.log.events(),
        world.observer.stopped,
        world.observer.dead,
    )


def test_a_stopped_sink_is_asked_again_when_told_so(world: World, courier: Courier, sink: FakeSink) -> None:
    """After a reload it gets what waited, in order."""
    for sequence in (1, 2):
        world.outbox.put(an_event("a", sequence), ["ops"])
    sink.raising = GONE
    push(courier)
    sink.raising = None
    courier.resume()
    while push(courier):
        pass
    assert (["a:1", "a:2"], {"ops": False}) == (sink.accepted, world.observer.stopped)


# What is held.


def night(below: Severity = Severity.ERROR) -> QuietWindow:
    """Noon, when these tests begin, to one o'clock."""
    return QuietWindow(begins=time(12), ends=time(13), zone=UTC, below=below)


def test_a_quiet_window_holds_what_can_wait(world: World, sink: FakeSink) -> None:
    """Nothing is dropped: when the window ends, it is sent."""
    courier = Courier("ops", sink, Terms(quiet=(night(),)), world.surroundings())
    world.outbox.put(an_event("a", severity=Severity.WARNING), ["ops"])
    held = push(courier), courier.pause()
    world.clock.advance(3600)
    assert ((False, 1.0), True, ["a:1"]) == (held, push(courier), sink.accepted)


def test_what_cannot_wait_takes_along_what_waited_before_it(world: World, sink: FakeSink) -> None:
    """In a quiet window an error is told at once, after the events of its version that it comes after."""
    courier = Courier("ops", sink, Terms(quiet=(night(),)), world.surroundings())
    for version, sequence, severity in (("a", 1, Severity.INFO), ("b", 1, Severity.INFO), ("a", 2, Severity.ERROR)):
        world.outbox.put(an_event(version, sequence, severity=severity), ["ops"])
    while push(courier):
        pass
    assert ["a:1", "a:2"] == sink.accepted


FLAPPING = FlappingPolicy(changes=2, within=timedelta(minutes=10), longest=timedelta(hours=1))


def flap(world: World, version: str, *minutes: int) -> None:
    """Changes of status of a version, each stored and told to `ops` at its minute after noon."""
    for sequence, minute in enumerate(minutes, 1):
        at = NOON + timedelta(minutes=minute)
        kind = EventType.VERSION_STATUS_CHANGED
        data = {"from": "STARTING", "to": "RUNNING"} if sequence % 2 else {"from": "RUNNING", "to": "STARTING"}
        world.outbox.put(an_event(version, sequence, event_type=kind, time=at, data=data), ["ops"], at)


def summaries(sink: FakeSink) -> list[str]:
    """What was told, without the times."""
    return [told.partition("events")[0].partition(".")[0] for told in sink.accepted]


def test_people_are_told_of_a_flapping_version_once_and_what_came_of_it(world: World, sink: FakeSink) -> None:
    """The first changes, then that it flaps, and when it is calm one message for all that followed."""
    courier = Courier("ops", sink, Terms(flapping=FLAPPING), world.surroundings())
    flap(world, "a", 0, 1, 2, 3, 4, 5)
    world.clock.advance(5 * 60)
    while push(courier):
        pass
    before = list(summaries(sink))
    world.clock.advance(10 * 60)
    assert push(courier) is True
    assert (["a:1", "a:2", "a:3", "aflapped:3"], ["a:1", "a:2", "a:3"]) == (summaries(sink), before)
    assert {DeliveryState.DELIVERED} == {world.outbox.get("ops", position).state for position in range(1, 7)}


def test_what_is_held_has_not_been_tried(world: World, sink: FakeSink) -> None:
    """It waits until it is calm, and neither its attempts nor a failure are made up."""
    courier = Courier("ops", sink, Terms(flapping=FLAPPING), world.surroundings())
    flap(world, "a", 0, 1, 2, 3)
    world.clock.advance(3 * 60)
    while push(courier):
        pass
    assert (DeliveryState.PENDING, 0, 13 * 60.0, None) == outcome(world.outbox.get("ops", 4))


def test_a_version_that_flaps_holds_no_other(world: World, sink: FakeSink) -> None:
    """Another version's changes are told as they come."""
    courier = Courier("ops", sink, Terms(flapping=FLAPPING), world.surroundings())
    flap(world, "a", 0, 1, 2, 3)
    flap(world, "b", 3)
    world.clock.advance(3 * 60)
    while push(courier):
        pass
    assert ["a:1", "a:2", "a:3", "b:1"] == sorted(summaries(sink))


def test_machines_get_every_event(world: World, sink: FakeSink) -> None:
    """However a version flaps."""
    courier = Courier("ops", sink, Terms(), world.surroundings())
    flap(world, "a", 0, 1, 2, 3, 4)
    world.clock.advance(4 * 60)
    while push(courier):
        pass
    assert ["a:1", "a:2", "a:3", "a:4", "a:5"] == sink.accepted


def test_a_summary_that_is_refused_is_sent_again(world: World, sink: FakeSink) -> None:
    """It stands for all that it sums up, and counts as one attempt."""
    courier = Courier("ops", sink, Terms(flapping=FLAPPING, policy=POLICY), world.surroundings())
    flap(world, "a", 0, 1, 2, 3, 4)
    world.clock.advance(4 * 60)
    while push(courier):
        pass
    world.clock.advance(10 * 60)
    sink.raising = DOWN
    push(courier)
    attempts = [world.outbox.get("ops", position).attempts for position in (4, 5)]
    sink.raising = None
    world.clock.advance(60)
    push(courier)
    assert ([1, 0], "aflapped:2") == (attempts, summaries(sink)[-1])


@pytest.mark.parametrize("days", [-10, -1, 1, 10])
def test_a_clock_that_is_set_while_a_call_is_under_way(world: World, courier: Courier, days: int) -> None:
    """The next attempt waits as long as it would have, and nothing is given up for its age."""
    world.outbox.put(an_event(), ["ops"])
    courier.fetch()
    parcels = courier.take()
    world.clock.jump(timedelta(days=days))
    courier.bring_back(parcels, {1: DOWN})
    courier.settle()
    pending = (DeliveryState.PENDING, 1, days * 86400 + 1.0, "the far end is down")
    assert pending == outcome(world.outbox.get("ops", 1))


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_set_before_an_attempt_is_settled(world: World, courier: Courier, days: int) -> None:
    """What was decided by the old clock is stored by the new one."""
    world.outbox.put(an_event(), ["ops"])
    courier.fetch()
    courier.bring_back(courier.take(), {1: DOWN})
    world.clock.jump(timedelta(days=days))
    courier.settle()
    assert days * 86400 + 1.0 == outcome(world.outbox.get("ops", 1))[2]


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_set_while_an_attempt_is_settled(world: World, courier: Courier, days: int) -> None:
    """It is settled again."""
    world.outbox.put(an_event(), ["ops"])
    courier.fetch()
    courier.bring_back(courier.take(), {1: DOWN})
    world.outbox.meanwhile = lambda: world.clock.jump(timedelta(days=days))
    courier.settle()
    assert days * 86400 + 1.0 == outcome(world.outbox.get("ops", 1))[2]


def test_a_clock_that_is_set_during_a_claim(world: World, courier: Courier) -> None:
    """What was claimed may be told by either clock: it is claimed again."""
    world.outbox.put(an_event(), ["ops"])
    world.outbox.meanwhile = lambda: world.clock.jump(timedelta(days=10))
    courier.fetch()
    first = courier.take()
    courier.fetch()
    assert ([], 1) == (first, len(courier.take()))
