from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.commit import Commit
from monitor.domain.snapshot import Absence, Snapshot, Tracked
from monitor.errors import StaleSnapshotError
from monitor.store import Store
from monitor.store.snapshots import ranks
from tests.builders import PROJECT_ARN, at, project, project_arn, version, version_arn
from tests.store.commits import clock, poll, prepare, url_of, written_versions
from tests.store.fresh import made
from tests.strategies import times, whole_versions

if TYPE_CHECKING:
    from collections.abc import Callable

    Opened = Callable[[], Store]

ARNS = [version_arn(f"v{number}") for number in range(5)]

absences = st.none() | st.builds(Absence, listings=st.integers(0, 9), last_seen=times)


@st.composite
def snapshots(draw: st.DrawFn, *, revision: int = 1) -> Snapshot:
    """Any snapshot: some of `ARNS` in any order, some gone."""
    arns = draw(st.permutations(ARNS).map(lambda order: order[: len(order) - 1]))
    count = draw(st.integers(0, len(arns)))
    versions = {arn: draw(_tracked(arn)) for arn in arns[:count]}
    gone = draw(st.dictionaries(st.sampled_from(arns[count:]), st.integers(0, 99))) if arns[count:] else {}
    blind_before = draw(st.none() | times)
    return Snapshot(
        project_arn=PROJECT_ARN,
        revision=revision,
        seen_at=draw(times),
        versions=versions,
        gone=gone,
        blind_before=blind_before,
    )


@st.composite
def _tracked(draw: st.DrawFn, arn: str) -> Tracked:
    whole = draw(whole_versions)
    fields = {name: getattr(whole, name) for name in whole.__dataclass_fields__}
    return Tracked(
        version=type(whole)(**{**fields, "arn": arn}),
        status_since=draw(times),
        at_least=draw(st.booleans()),
        sequence=draw(st.integers(0, 99)),
        absence=draw(absences),
    )


@given(first=snapshots(), second=snapshots(revision=2))
@settings(max_examples=30)  # each on a database of its own
def test_what_is_committed_is_what_a_restart_reads(first: Snapshot, second: Snapshot) -> None:
    """A snapshot comes back equal and in order, whichever other one it took the place of."""
    with tempfile.TemporaryDirectory() as directory:
        url = url_of(made(Path(directory, "state.db")))
        store = Store.open(url, clock=clock)
        store.commit(Commit(project=project(), at=at(), after=first))
        store.commit(Commit(project=project(), at=at(), before=first, after=second))
        store.close()
        store = Store.open(url, clock=clock)
        restored = store.snapshot(PROJECT_ARN)
        store.close()
    assert restored is not None
    assert (second, list(second.versions)) == (restored, list(restored.versions))


@pytest.mark.parametrize("extra", [{"Big": 2**70}, {"Lone": "\ud800"}, {"Null": None}, {"Far": float("inf")}])
def test_values_that_are_hard_to_write_come_back(opened: Opened, extra: dict[str, object]) -> None:
    """Odd values of unknown fields survive a restart exactly, so that none looks like a change."""
    poll(opened(), version(extra=extra))
    restored = opened().snapshot(PROJECT_ARN)
    assert restored is not None
    assert extra == restored.versions[version_arn()].version.extra


def test_an_unknown_project_has_no_snapshot(store: Store) -> None:
    """Before its baseline a project has nothing."""
    assert store.snapshot(PROJECT_ARN) is None


def test_the_snapshot_in_memory_is_the_committed_one(store: Store) -> None:
    """Between two polls nothing is read again."""
    after = poll(store, version()).after
    assert after is store.snapshot(PROJECT_ARN)


def test_only_versions_that_changed_are_written(store: Store, path: Path) -> None:
    """Of ten versions, the one that changed has its row written."""
    many = [version(f"v{number}") for number in range(10)]
    poll(store, *many)
    with written_versions(path) as written:
        poll(store, version("v0", "STARTING"), *many[1:])
    assert [version_arn("v0")] == written


def test_a_new_version_in_front_moves_no_row(store: Store, path: Path) -> None:
    """The newest version comes first, and the others keep their rows."""
    poll(store, version("v2"), version("v1"))
    with written_versions(path) as written:
        poll(store, version("v3"), version("v2"), version("v1"))
    assert [version_arn("v3")] == written


def test_a_version_that_is_gone_stays_remembered(opened: Opened) -> None:
    """The sequence of a version that was told gone survives a restart."""
    store = opened()
    poll(store, version("v1", "DELETING"), version("v2"))
    poll(store, version("v2"))
    restored = opened().snapshot(PROJECT_ARN)
    assert restored is not None
    assert ({version_arn("v1"): 1}, [version_arn("v2")]) == (restored.gone, list(restored.versions))


def test_a_stale_writer_is_refused(opened: Opened) -> None:
    """Of two processes that saw the same snapshot, the second to commit is refused, and goes on from the first's."""
    first, second = opened(), opened()
    poll(first, version("v1", "STOPPED"))
    late = prepare(second, version("v1", "FAILED"))
    poll(first, version("v1", "STARTING"))
    with pytest.raises(StaleSnapshotError, match="another process committed"):
        second.commit(late)
    assert (first.snapshot(PROJECT_ARN), 1) == (second.snapshot(PROJECT_ARN), len(second.events()))


def test_a_second_baseline_is_refused(opened: Opened) -> None:
    """Two processes that both saw no snapshot do not both make one."""
    first, second = opened(), opened()
    late = prepare(second, version("v1"))
    poll(first, version("v2"))
    with pytest.raises(StaleSnapshotError):
        second.commit(late)
    assert first.snapshot(PROJECT_ARN) == second.snapshot(PROJECT_ARN)


def test_seen_is_known_at_once_and_saved_later(opened: Opened) -> None:
    """An unchanged listing shows at once, and in the database after the next saving."""
    store = opened()
    poll(store, version())
    store.seen(PROJECT_ARN, at(5))
    before = _seen_at(opened())
    store.save_seen()
    assert (at(5), at(0), at(5)) == (_seen_at(store), before, _seen_at(opened()))


def test_seen_between_two_savings_is_saved_by_the_second(opened: Opened) -> None:
    """A saving takes what came since the last one."""
    store = opened()
    poll(store, version())
    for minute in (1, 2):
        store.seen(PROJECT_ARN, at(minute))
        store.save_seen()
    assert at(2) == _seen_at(opened())


def test_seen_of_a_project_without_snapshot_is_nothing(store: Store) -> None:
    """There is nothing to have seen again."""
    store.seen(PROJECT_ARN, at(5))
    store.save_seen()
    assert store.snapshot(PROJECT_ARN) is None


def test_saving_where_another_process_committed_drops_what_was_remembered(opened: Opened) -> None:
    """The other's snapshot stays as it is, and is what is seen from then on."""
    ours, theirs = opened(), opened()
    poll(ours, version("v1"))
    poll(theirs, version("v1", "STARTING"), at=at(1))
    other = project(project_arn("other"))
    poll(ours, of=other)
    ours.seen(PROJECT_ARN, at(5))
    ours.seen(other.arn, at(5))
    ours.save_seen()
    assert theirs.snapshot(PROJECT_ARN) == ours.snapshot(PROJECT_ARN)
    assert at(5) == _seen_at(opened(), other.arn)


def test_a_forgotten_project_is_read_again(opened: Opened) -> None:
    """Forgetting is of memory alone."""
    store = opened()
    committed = poll(store, version()).after
    store.forget(PROJECT_ARN)
    assert (committed, False) == (store.snapshot(PROJECT_ARN), committed is store.snapshot(PROJECT_ARN))


def test_all_snapshots_in_order(opened: Opened) -> None:
    """Every stored project, by ARN, versions and all."""
    store = opened()
    others = [project(project_arn(name)) for name in ("zebra", "ant")]
    expected = [poll(store, version(), of=each).after for each in others]
    assert expected[::-1] == opened().snapshots()


def test_loaded_projects_are_in_memory(opened: Opened, path: Path) -> None:
    """Nothing is read of them afterwards: the database may as well be gone."""
    store = opened()
    arns = [project_arn(f"p{number}") for number in range(30)]
    expected = [poll(store, version(), of=project(arn)).after for arn in arns]
    fresh = opened()
    fresh.load([*arns, PROJECT_ARN])
    path.unlink()
    assert [*expected, None] == [fresh.snapshot(arn) for arn in (*arns, PROJECT_ARN)]


@pytest.mark.parametrize(
    ("newest_first", "known", "expected"),
    [
        ("ba", {}, {"a": 0, "b": 1}),
        ("cba", {"a": 0, "b": 1}, {"a": 0, "b": 1, "c": 2}),
        ("cb", {"a": 0, "b": 1, "c": 2}, {"b": 1, "c": 2}),
        ("acb", {"a": 0, "b": 1, "c": 2}, {"b": 1, "c": 2, "a": 3}),
    ],
)
def test_ranks_are_kept_where_the_order_allows(
    newest_first: str, known: dict[str, int], expected: dict[str, int]
) -> None:
    """New in front, gone from the end, and moved to the front: the others keep theirs."""
    assert expected == ranks(newest_first, known)


def _seen_at(store: Store, arn: str = PROJECT_ARN) -> object:
    snapshot = store.snapshot(arn)
    return snapshot and snapshot.seen_at
