"""What happens to projects and sinks that are taken out of the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.domain.commit import Commit
from monitor.domain.delivery import DeliveryState
from monitor.domain.reachability import Streak
from monitor.domain.snapshot import Absence
from monitor.errors import StaleSnapshotError
from tests.builders import ENDPOINT, PROJECT_ARN, T0, at, project, project_arn, version, version_arn
from tests.store.commits import poll, prepare, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.domain.snapshot import Snapshot
    from monitor.store import Store

OTHER = project_arn("other", region="eu-west-1")


def test_a_pending_absence_begins_anew(opened: Callable[[], Store]) -> None:
    """One listing without the version, before the project was taken out, no longer counts; when it was seen does."""
    store = opened()
    poll(store, version("v1"), version("v2"))
    poll(store, version("v2"), at=at(1))
    store.retain([], [])
    expected = Absence(listings=0, last_seen=at(0))
    assert [expected, expected] == [_absence(each.snapshot(PROJECT_ARN)) for each in (store, opened())]


def test_a_retained_project_keeps_its_absence(store: Store) -> None:
    """A restart does not take back what a listing has shown."""
    poll(store, version("v1"), version("v2"))
    poll(store, version("v2"), at=at(1))
    store.retain([PROJECT_ARN], [])
    assert Absence(listings=1, last_seen=at(0)) == _absence(store.snapshot(PROJECT_ARN))


def test_a_poll_under_way_is_stale_when_its_absences_went(store: Store) -> None:
    """What was diffed against the old count is refused."""
    poll(store, version("v1"), version("v2"))
    poll(store, version("v2"), at=at(1))
    late = prepare(store, version("v2"), at=at(2))
    store.retain([], [])
    with pytest.raises(StaleSnapshotError):
        store.commit(late)


def test_streaks_of_others_end_and_their_sequences_stay(store: Store) -> None:
    """A project and an endpoint that come back are told anew, under new ids; those that stay are as they were."""
    told = Streak(failures=3, since=T0, told=True, sequence=5)
    gone = project(OTHER)
    subjects = (PROJECT_ARN, ENDPOINT, gone.arn, gone.endpoint)
    store.commit(Commit(project=project(), at=T0, streaks=dict.fromkeys(subjects, told)))
    store.retain([PROJECT_ARN], [])
    calm = Streak(sequence=5)
    assert dict(zip(subjects, (told, told, calm, calm), strict=True)) == store.streaks()


def test_deliveries_of_a_sink_that_is_not_configured_die(store: Store) -> None:
    """Nobody would ever take them; those of a configured sink wait on."""
    walk(store, "STOPPED", "STARTING", sinks=("log", "old"))
    store.retain([PROJECT_ARN], ["log"])
    assert [
        ("log", DeliveryState.PENDING, None),
        ("old", DeliveryState.DEAD, "the sink is not configured"),
    ] == [(each.sink, each.state, each.error) for each in store.outbox()]


def test_history_of_a_project_taken_out_stays(store: Store) -> None:
    """Its events, its snapshot and its counters are there when it comes back."""
    walk(store, "STOPPED", "STARTING")
    kept = store.snapshot(PROJECT_ARN)
    store.retain([], [])
    assert (1, {("STOPPED", "STARTING"): 1}, kept) == (
        len(store.events()),
        store.transitions(PROJECT_ARN),
        store.snapshot(PROJECT_ARN),
    )


def _absence(snapshot: Snapshot | None) -> Absence | None:
    assert snapshot is not None
    return snapshot.versions[version_arn("v1")].absence
