"""What polls and discoveries write, one at a time: events with what they follow from, and who can be reached."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

from monitor.domain.commit import Addressed, Commit
from monitor.domain.reachability import Reachability
from monitor.domain.routing import sinks_for
from monitor.errors import StateUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from monitor.domain.census import Census
    from monitor.domain.events import Event
    from monitor.domain.ports import LedgerObserver, LedgerState
    from monitor.domain.project import Project
    from monitor.domain.reachability import Streak
    from monitor.domain.routing import Route
    from monitor.domain.snapshot import Snapshot

log = structlog.get_logger(__name__)


class Ledger:
    """Commits, and remembers the reachability that goes with what is committed.

    Whoever decides by `reachability` what to `commit` holds `lock` meanwhile: short, and SQLite has one writer anyway.
    """

    def __init__(
        self,
        state: LedgerState,
        observer: LedgerObserver,
        *,
        reachability: Reachability,
        committed: Callable[[], None],
    ) -> None:
        """Build one.

        Args:
            state: Where it is stored.
            observer: What counts.
            reachability: What was told unreachable before.
            committed: Called after a commit that holds events.
        """
        self.lock = threading.Lock()
        self.reachability = reachability
        self._state = state
        self._observer = observer
        self._committed = committed

    def keep_streaks(self, projects: Iterable[Project], stored: Mapping[str, Streak]) -> None:
        """Go on with the streaks of *projects*; of what is watched no longer, with what is *stored*."""
        with self.lock:
            kept = {subject for project in projects for subject in (project.arn, project.endpoint)}
            going_on = {subject: streak for subject, streak in self.reachability.streaks.items() if subject in kept}
            self.reachability = Reachability(streaks={**stored, **going_on})

    def commit(
        self,
        project: Project,
        at: datetime,
        events: Sequence[Event],
        *,
        routes: Sequence[Route],
        streaks: Mapping[str, Streak],
        before: Snapshot | None = None,
        after: Snapshot | None = None,
    ) -> tuple[Event, ...]:
        """Store what is new, if anything is; returns the events that are stored now.

        When the database refuses for now, nothing of it has happened: the snapshot and the streaks stay what they were,
        so the next poll finds the same facts again and makes the same events, with the same ids.
        """
        try:
            return self.must_commit(project, at, events, routes=routes, streaks=streaks, before=before, after=after)
        except StateUnavailableError:
            return ()

    def must_commit(
        self,
        project: Project,
        at: datetime,
        events: Sequence[Event],
        *,
        routes: Sequence[Route],
        streaks: Mapping[str, Streak],
        before: Snapshot | None = None,
        after: Snapshot | None = None,
        census: tuple[str, Census] | None = None,
    ) -> tuple[Event, ...]:
        """The same, raising StateUnavailableError; and a *census* besides, of the account and region with that key."""
        told = {key: streak for key, streak in streaks.items() if self._is_news(key, streak)}
        if after is not None or told or events or census:
            addressed = tuple(Addressed(event=each, sinks=sinks_for(each, routes)) for each in events)
            self._store(
                Commit(
                    project=project, at=at, before=before, after=after, events=addressed, streaks=told, census=census
                )
            )
        if streaks:
            self.reachability = Reachability(streaks={**self.reachability.streaks, **streaks})
        for event in events:
            self._observer.stored(event.type, event.severity.word)
        if events:
            self._committed()
        return tuple(events)

    def _store(self, commit: Commit) -> None:
        try:
            self._state.commit(commit)
        except StateUnavailableError as error:
            self._observer.commit_failed()
            log.warning("commit.refused", project=commit.project.arn, error=str(error))
            raise

    def _is_news(self, subject: str, streak: Streak) -> bool:
        known = self.reachability.streak(subject)
        return (known.told, known.sequence) != (streak.told, streak.sequence)
