from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.commit import Addressed, Commit
from monitor.domain.reachability import Reachability, Streak, observe_failure, observe_success
from tests.builders import ENDPOINT, PROJECT_ARN, T0, at, fault, project

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.store import Store

TOLD = Streak(failures=3, since=T0, told=True, sequence=1)


def test_a_streak_that_was_told_survives_a_restart(opened: Callable[[], Store]) -> None:
    """With when it began, which the recovery tells."""
    _commit(opened(), {PROJECT_ARN: TOLD})
    assert {PROJECT_ARN: TOLD} == opened().streaks()


def test_the_sequence_of_a_streak_that_ended_is_kept(store: Store) -> None:
    """The next outage goes on counting, so that its event has an id of its own."""
    _commit(store, {PROJECT_ARN: TOLD})
    _commit(store, {PROJECT_ARN: Streak(sequence=2)})
    assert {PROJECT_ARN: Streak(sequence=2)} == store.streaks()


def test_a_streak_that_was_never_told_is_not_read_back(store: Store) -> None:
    """Failures that are no news yet are counted anew after a restart."""
    _commit(store, {PROJECT_ARN: Streak(failures=2, since=T0)})
    assert {} == store.streaks()


def test_the_same_outage_told_by_two_processes_is_one_event(opened: Callable[[], Store]) -> None:
    """Events of one id are one fact, and are stored and sent once."""
    for store in (opened(), opened()):
        streaks, events = observe_failure(Reachability(), project(), fault(), at(1), after=1)
        addressed = tuple(Addressed(event=event, sinks=("log",)) for event in events)
        store.commit(Commit(project=project(), at=at(1), events=addressed, streaks=streaks))
    assert (1, 1) == (len(opened().events()), len(opened().outbox()))


def test_outage_and_recovery_are_stored_without_a_snapshot(store: Store) -> None:
    """A project that never answered can be unreachable too."""
    known = Reachability()
    streaks, down = observe_failure(known, project(), fault(), at(1), after=1)
    recovered, up = observe_success(Reachability(streaks=streaks), project(), at(2))
    for events, after in ((down, streaks), (up, recovered)):
        addressed = tuple(Addressed(event=event, sinks=()) for event in events)
        store.commit(Commit(project=project(), at=at(2), events=addressed, streaks=after))
    assert [event.id for event in (*down, *up)] == [message.id for message in store.events()]
    assert {ENDPOINT: Streak(sequence=2)} == store.streaks()


def _commit(store: Store, streaks: dict[str, Streak]) -> None:
    store.commit(Commit(project=project(), at=T0, streaks=streaks))
