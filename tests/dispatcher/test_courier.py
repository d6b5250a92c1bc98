from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.dispatcher import Terms
from monitor.dispatcher.courier import Courier
from monitor.domain.delivery import Delivery, DeliveryState
from monitor.domain.retry import RetryPolicy
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
