from __future__ import annotations

from monitor.domain.commit import Addressed, Commit
from monitor.domain.diff import diff
from tests.builders import T0, at, listing, project, snapshot, version


def test_a_commit_holds_no_more_than_it_is_given() -> None:
    """A poll that changes nothing but the reachability stores no snapshot and no event."""
    bare = Commit(project=project(), at=T0)

    assert (bare.before, bare.after, bare.events, dict(bare.streaks)) == (None, None, (), {})


def test_what_one_poll_brought_goes_together() -> None:
    """The snapshot that was compared with, the next one, and the events with their sinks are one fact."""
    before = snapshot()
    change = diff(project(), before, listing(version()), at(5))
    addressed = tuple(Addressed(event=event, sinks=("log",)) for event in change.events)

    commit = Commit(project=project(), at=at(5), before=before, after=change.snapshot, events=addressed)

    assert [(each.event.subject, each.sinks) for each in commit.events] == [(version().arn, ("log",))]
    assert commit.after is not None
    assert commit.after.revision == before.revision + 1
