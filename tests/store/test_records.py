from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitor.domain.delivery import DeliveryState, Settlement
from monitor.domain.events import EventType
from monitor.domain.inquiry import Inquiry
from monitor.domain.receipt import Receipt
from monitor.domain.severity import Severity
from monitor.domain.step import Step
from tests.builders import PROJECT_ARN, T0, at, project, project_arn, version, version_arn
from tests.store.commits import poll

if TYPE_CHECKING:
    from monitor.store import Store

ABROAD = project_arn("abroad", region="eu-west-1", account_id="999988887777")
V1, V2 = version_arn("v1"), version_arn("v2")
FAR = version_arn("far", of=ABROAD)


@pytest.fixture
def told(store: Store) -> Store:
    """Seven events of two projects, a minute apart: 1, 4 v2; 2, 3, 5, 7 v1; 6 abroad."""
    home, abroad = project(labels={"team": "vision"}), project(ABROAD)
    poll(store, version("v1", "STOPPED"), of=home)
    poll(store, version(arn=FAR, status="STOPPED"), of=abroad)
    v2 = version("v2", "TRAINING_IN_PROGRESS", creation_timestamp=at(0.5))
    poll(store, version("v1", "STOPPED"), v2, at=at(1), of=home)
    poll(store, version("v1", "STARTING"), v2, at=at(2), of=home)
    poll(store, version("v1", "RUNNING"), v2, at=at(3), of=home)
    done = version("v2", "TRAINING_FAILED", status_message="Too few 100% labels", training_end_timestamp=at(3.5))
    poll(store, version("v1", "RUNNING"), done, at=at(4), of=home)
    poll(store, version("v1", "RUNNING", version_description="the ONE"), done, at=at(5), of=home)
    poll(store, version(arn=FAR, status="RUNNING"), at=at(6), of=abroad)
    poll(store, done, at=at(7), of=home)
    poll(store, done, at=at(8), of=home)
    return store


@pytest.mark.parametrize(
    ("wanted", "positions"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7]),
        ({"limit": 2}, [1, 2]),
        ({"newest_first": True, "limit": 2}, [7, 6]),
        ({"after": 2, "before": 5}, [3, 4]),
        ({"before": 5, "limit": 2, "newest_first": True}, [4, 3]),
        ({"projects": ("abr*",)}, [6]),
        ({"projects": (PROJECT_ARN, "other"), "limit": 2, "after": 1}, [2, 3]),
        ({"versions": ("v2",)}, [1, 4]),
        ({"versions": ("v?",), "newest_first": True, "limit": 1}, [7]),
        ({"versions": (V1, FAR)}, [2, 3, 5, 6, 7]),
        ({"versions": (V1, "far")}, [2, 3, 5, 6, 7]),
        ({"accounts": ("999988887777",)}, [6]),
        ({"accounts": ("999988887777", "111122223333")}, [1, 2, 3, 4, 5, 6, 7]),
        ({"regions": ("us-east-1",)}, [1, 2, 3, 4, 5, 7]),
        ({"types": (EventType.VERSION_APPEARED, EventType.VERSION_UPDATED)}, [1, 5]),
        ({"severity": Severity.ERROR}, [4, 7]),
        ({"before_status": "STARTING"}, [3]),
        ({"after_status": "RUNNING"}, [3, 6]),
        ({"before_status": "STOPPED", "after_status": "RUNNING"}, [6]),
        ({"labels": {"team": "vision"}}, [1, 2, 3, 4, 5, 7]),
        ({"labels": {"team": "speech"}}, []),
        ({"labels": {'odd".name': "x"}}, []),
        ({"since": at(3), "until": at(5)}, [3, 4]),
        ({"text": "the one"}, [5, 7]),
        ({"text": "100%"}, [4]),
        ({"text": "%"}, [4]),
        ({"text": "starting -> running"}, [3]),
        ({"text": "LABELS few"}, [4]),
        ({"text": "team=vision running starting"}, [3]),
        ({"text": "eu-west-1 running"}, [6]),
        ({"text": "few nothing"}, []),
        ({"text": "specversion"}, []),
        ({"text": '"one"'}, []),
        ({"text": " "}, [1, 2, 3, 4, 5, 6, 7]),
        ({"text": "one", "limit": 1, "newest_first": True}, [7]),
        ({"text": "no such thing"}, []),
    ],
)
def test_events_are_chosen(told: Store, wanted: dict[str, Any], positions: list[int]) -> None:
    """By everything that an inquiry can hold, in either direction."""
    assert positions == [message.position for message in told.records.events(Inquiry(**wanted))]


@pytest.mark.parametrize("text", ["straße", 'STRASSE "NORTH"', "north\\3", "größe"])
def test_words_of_any_letters_are_found(store: Store, text: str) -> None:
    """Whatever JSON makes of them, and in whatever case they are stored."""
    poll(store, version("v1", "STOPPED"))
    poll(store, version("v1", "STOPPED", status_message='Strasse "north" north\\3 STRAßE GRÖßE'), at=at(1))
    assert [1] == [message.position for message in store.records.events(Inquiry(text=text))]


def test_one_event_by_its_id(told: Store) -> None:
    """The same as in the history; nothing for an id that is not there."""
    [first, *_] = told.events()
    assert (first, None) == (told.records.event(first.id), told.records.event("none"))


def test_where_the_history_ends(store: Store) -> None:
    """At 0 when there is none."""
    empty = store.records.newest_position()
    poll(store, version("v1", "STOPPED"))
    poll(store, version("v1", "RUNNING"))
    assert (0, 1) == (empty, store.records.newest_position())


def test_what_happened_to_one_version(told: Store) -> None:
    """Newest first, in pages."""
    pages = [told.records.about(V1, limit=3), told.records.about(V1, limit=3, before=3)]
    assert [[7, 5, 3], [2]] == [[message.position for message in page] for page in pages]


def test_the_steps_of_versions(told: Store) -> None:
    """What is not about the status is left out, and so is what happened earlier."""
    steps = told.records.steps([V1, V2, FAR], at(3))
    assert {
        V1: [
            Step(
                position=3,
                after=at(2),
                by=at(3),
                before="STARTING",
                status="RUNNING",
                since=at(3),
                move="direct",
            ),
            Step(position=7, after=at(5), by=at(8), before="RUNNING", status=None),
        ],
        V2: [
            Step(
                position=4,
                after=at(3),
                by=at(4),
                before="TRAINING_IN_PROGRESS",
                status="TRAINING_FAILED",
                since=at(3.5),
                move="direct",
            )
        ],
        FAR: [
            Step(
                position=6,
                after=at(0),
                by=at(6),
                before="STOPPED",
                status="RUNNING",
                since=at(6),
                move="skipped",
                via=("STARTING",),
            )
        ],
    } == steps


def test_a_version_that_appeared_has_a_first_step(told: Store) -> None:
    """With no status before it."""
    expected = Step(
        position=1, after=at(0), by=at(1), before=None, status="TRAINING_IN_PROGRESS", since=at(0.5), move=None
    )
    assert (expected, at(0.5)) == ((first := told.records.steps([V2], at())[V2][0]), first.at)


def test_what_became_of_deliveries(told: Store) -> None:
    """Of one version's events, newest first, with when they were settled."""
    settled = Settlement(sink="log", position=1, state=DeliveryState.DELIVERED, attempts=2, due_at=T0, at=at(9))
    told.settle([settled])
    ids = {message.position: message.id for message in told.events()}
    assert [
        Receipt(
            position=4,
            event_id=ids[4],
            sink="log",
            state=DeliveryState.PENDING,
            attempts=0,
            stored_at=at(4),
            due_at=at(4),
        ),
        Receipt(
            position=1,
            event_id=ids[1],
            sink="log",
            state=DeliveryState.DELIVERED,
            attempts=2,
            stored_at=at(1),
            due_at=T0,
            settled_at=at(9),
        ),
    ] == told.records.receipts(V2, limit=5)


def test_only_so_many_deliveries(told: Store) -> None:
    """The newest."""
    assert [4] == [receipt.position for receipt in told.records.receipts(V2, limit=1)]


def test_the_last_look_of_all_is_known(store: Store) -> None:
    """Of whatever project; before the first there is none."""
    before = store.records.last_seen()
    poll(store, version("v1"), at=at(3))
    poll(store, version(arn=FAR), at=at(2), of=project(ABROAD))
    assert (None, at(3)) == (before, store.records.last_seen())
