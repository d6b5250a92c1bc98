from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders import PROJECT_ARN, at, version
from tests.store.commits import poll, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.store import Store


def test_moves_are_counted_over_restarts(opened: Callable[[], Store]) -> None:
    """Each pair of statuses has its count, kept by the database."""
    walk(opened(), "STOPPED", "STARTING", "RUNNING", "STOPPED")
    walk(opened(), "STOPPED", "STARTING")
    expected = {("STOPPED", "STARTING"): 2, ("STARTING", "RUNNING"): 1, ("RUNNING", "STOPPED"): 1}
    assert expected == opened().transitions(PROJECT_ARN)


def test_the_counters_are_one_object_until_one_changes(store: Store) -> None:
    """Who renders them can see by identity that nothing is new."""
    walk(store, "STOPPED", "STARTING")
    before = store.transitions(PROJECT_ARN)
    store.seen(PROJECT_ARN, at(1))
    poll(store, version("v1", "STARTING", min_inference_units=1), at=at(2))
    same = store.transitions(PROJECT_ARN)
    walk(store, "RUNNING")
    assert (True, False) == (before is same, before is store.transitions(PROJECT_ARN))


def test_counters_take_in_what_another_process_counted(opened: Callable[[], Store]) -> None:
    """After its own move a process knows the other's too."""
    ours, theirs = opened(), opened()
    walk(ours, "STOPPED", "STARTING")
    theirs.load([PROJECT_ARN])
    walk(ours, "RUNNING")
    theirs.forget(PROJECT_ARN)
    walk(theirs, "STOPPING")
    expected = {("STOPPED", "STARTING"): 1, ("STARTING", "RUNNING"): 1, ("RUNNING", "STOPPING"): 1}
    assert expected == theirs.transitions(PROJECT_ARN)


def test_a_word_that_utf8_cannot_carry_is_counted(store: Store) -> None:
    """A status that AWS never should send stops no commit."""
    walk(store, "STOPPED", "\ud800")
    assert {("STOPPED", "?"): 1} == store.transitions(PROJECT_ARN)
