from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.seeing import Watch
from monitor.view import ProjectState
from tests.builders import PROJECT_ARN, at, fault, project, project_arn, version
from tests.store.commits import poll

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.store import Store

OTHER = project_arn("other")
MINUTE = timedelta(minutes=1)


def look(store: Store, minute: float, *, of: str = PROJECT_ARN, interval: timedelta = MINUTE) -> None:
    """A poll that succeeded."""
    store.watches.published(ProjectState(project=project(of), last_success=at(minute), interval=interval, polls=1))


def seen(store: Store, *, of: str = PROJECT_ARN, since: datetime | None = None) -> list[tuple[float, float]]:
    """When the project was seen, in minutes."""
    watches = store.records.watches([of], since or at(-1000))[of]
    return [((watch.began_at - at()) / MINUTE, (watch.ended_at - at()) / MINUTE) for watch in watches]


def test_polls_that_follow_each_other_are_one_span(store: Store) -> None:
    """Whether it was written down yet or not; a time in which there was none is a gap."""
    for minute in (0, 1, 2):
        look(store, minute)
    store.save_seen()
    for minute in (3, 9, 10):
        look(store, minute)
    before = seen(store)
    store.save_seen()
    assert ([(0, 3), (9, 10)], [(0, 3), (9, 10)], []) == (before, seen(store), seen(store, of=OTHER))


def test_a_restart_goes_on_with_the_span(opened: Callable[[], Store]) -> None:
    """Where the cadence explains the time between; else another one begins."""
    for begin in (0, 3, 60):
        store = opened()
        store.load([PROJECT_ARN])
        look(store, begin)
        look(store, begin + 1)
        store.save_seen()
        store.close()
    assert [(0, 4), (60, 61)] == seen(opened())


def test_a_longer_cadence_explains_a_longer_time(store: Store) -> None:
    """The one before counts as well as the one that follows."""
    look(store, 0, interval=10 * MINUTE)
    look(store, 20)
    look(store, 25)
    assert [(0, 20), (25, 25)] == seen(store)


@pytest.mark.parametrize(
    "state",
    [
        ProjectState(project=project(), last_success=at(1), interval=MINUTE),
        ProjectState(project=project(), last_success=at(1), interval=MINUTE, polls=2, fault=fault()),
        ProjectState(project=project(), polls=2, interval=MINUTE),
    ],
    ids=["restored", "failed", "never"],
)
def test_what_is_no_look_extends_nothing(store: Store, state: ProjectState) -> None:
    """A state is also published without a poll, and after one that failed."""
    look(store, 0)
    store.watches.published(state)
    assert [(0, 0)] == seen(store)


def test_only_what_touches_the_time_that_is_asked_for(store: Store) -> None:
    """A span that ended earlier is left out, written down or not."""
    for minute in (0, 10, 20):
        look(store, minute)
    store.save_seen()
    assert ([(10, 10), (20, 20)], [(20, 20)], []) == tuple(seen(store, since=at(minute)) for minute in (5, 11, 21))


def test_old_spans_are_pruned_with_the_events(store: Store) -> None:
    """One that goes on is cut: what happened before is known no longer."""
    for minute in (0, 10, 11, 12):
        look(store, minute)
    store.save_seen()
    store.prune(at(11))
    look(store, 13)
    store.save_seen()
    assert [(11, 13)] == seen(store)


def test_a_project_that_is_watched_no_longer_is_kept_on_disk(store: Store) -> None:
    """And written down before it leaves the memory."""
    look(store, 0)
    store.watches.removed(PROJECT_ARN)
    store.save_seen()
    assert ([(0, 0)], {}) == (seen(store), store.watches.newest([PROJECT_ARN]))


def test_nothing_new_is_not_written(store: Store) -> None:
    """What was saved and did not grow is not saved again; what grew meanwhile is."""
    poll(store, version())
    look(store, 0)
    first = store.watches.unsaved()
    look(store, 1)
    store.watches.saved(first)
    grown = store.watches.unsaved()
    store.save_seen()
    expected = {(PROJECT_ARN, at(0)): Watch(began_at=at(0), ended_at=at(1))}
    assert (expected, {}) == (grown, store.watches.unsaved())
