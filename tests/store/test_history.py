from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from monitor.domain.delivery import DeliveryState, Message, Settlement
from tests.builders import PROJECT_ARN, at, project, project_arn, version, version_arn
from tests.store.commits import poll, prepare, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.store import Store

OTHER = project_arn("other")


@pytest.fixture
def told(store: Store) -> Store:
    """Five events, a minute apart, of two projects in turn."""
    for minute, word in enumerate(["STOPPED", "STARTING", "RUNNING", "STOPPING"]):
        for offset, arn in enumerate((PROJECT_ARN, OTHER)):
            if (minute, offset) != (3, 1):
                poll(
                    store,
                    version(arn=version_arn("v1", of=arn), status=word),
                    at=at(2 * minute + offset),
                    of=project(arn),
                )
    return store


def test_an_event_comes_back_as_it_was_stored(store: Store) -> None:
    """Its document is the CloudEvent, on one line, and the rest is beside it."""
    poll(store, version("v1", "RUNNING"))
    event = poll(store, version("v1", "FAILED", status_message="línea\nnueva"), at=at(1)).events[0].event
    expected = Message(
        position=1,
        id=event.id,
        type=event.type,
        severity=event.severity,
        source=event.source,
        subject=event.subject,
        time=event.time,
        document=orjson.dumps(event.document),
    )
    assert [expected] == store.events()
    assert (event.document, 0) == (orjson.loads(expected.document), expected.document.count(b"\n"))


@pytest.mark.parametrize(
    ("arguments", "positions"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"limit": 2}, [1, 2]),
        ({"after": 3}, [4, 5]),
        ({"newest_first": True, "limit": 2}, [5, 4]),
        ({"after": 2, "newest_first": True}, [5, 4, 3]),
        ({"since": at(4)}, [3, 4, 5]),
        ({"project": "other"}, [2, 4]),
        ({"project": "get*"}, [1, 3, 5]),
        ({"project": "*/other/*"}, [2, 4]),
        ({"project": PROJECT_ARN, "limit": 1, "after": 1}, [3]),
        ({"project": "OTHER"}, []),
        ({"project": "get*", "newest_first": True, "limit": 2}, [5, 3]),
    ],
)
def test_events_are_chosen(told: Store, arguments: dict[str, Any], positions: list[int]) -> None:
    """By place, time, project and number, in either direction."""
    assert positions == [message.position for message in told.events(**arguments)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(2**70, 2**70), ("é\ud800", "é?"), (float("inf"), None), ([2**70, float("nan")], [2**70, None])],
)
def test_odd_values_make_a_document_that_any_reader_takes(store: Store, value: object, expected: object) -> None:
    """JSON has integers of any size, but neither NaN nor infinities, and no half characters."""
    poll(store, version("v1"))
    poll(store, version("v1", extra={"Odd": value}), at=at(1))
    [message] = store.events()
    orjson.loads(message.document)
    document = json.loads(message.document, parse_constant=pytest.fail)
    assert expected == document["data"]["version"]["extra"]["Odd"]


def test_old_events_are_pruned_and_pending_ones_are_not(told: Store) -> None:
    """What a sink has not taken stays however old; what it took or was given up goes."""
    for position, state in ((1, DeliveryState.DELIVERED), (2, DeliveryState.DEAD), (5, DeliveryState.DELIVERED)):
        told.settle([Settlement(sink="log", position=position, state=state, attempts=1, due_at=at(), at=at(9))])
    assert (2, [3, 4, 5]) == (told.prune(at(6)), [message.position for message in told.events()])


def test_pruning_takes_the_deliveries_along(told: Store) -> None:
    """No row is left that points to nothing."""
    told.retain([], [])
    told.prune(at(60))
    assert [] == told.outbox(states=set(DeliveryState))


def test_pruning_goes_through_any_number(store: Store) -> None:
    """More than one transaction takes."""
    commit = prepare(store, *(version(f"v{number}") for number in range(600)))
    store.commit(commit)
    poll(store, *(version(f"v{number}", "STARTING") for number in range(600)), at=at(1), sinks=())
    assert (600, []) == (store.prune(at(2)), store.events())


def test_a_position_is_never_used_again(opened: Callable[[], Store]) -> None:
    """Who follows the history by position misses nothing after all of it was pruned."""
    store = opened()
    walk(store, "STOPPED", "STARTING", sinks=())
    store.prune(at(60))
    store.close()
    walk(opened(), "RUNNING", sinks=())
    assert [2] == [message.position for message in opened().events()]
