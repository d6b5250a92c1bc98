"""Writes a census and tells who is new in the world and who is gone, each project in a transaction of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.domain.diff import diff
from monitor.domain.events import Window
from monitor.domain.project import everything_at
from monitor.domain.project_events import project_appeared, project_disappeared
from monitor.domain.reachability import Streak
from monitor.domain.snapshot import Listing, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from monitor.discoverer.ports import Censuses, DiscoverySettings
    from monitor.domain.account import Place
    from monitor.domain.census import Census, Recount, Resident
    from monitor.domain.events import Event
    from monitor.domain.project import Project
    from monitor.domain.routing import Route
    from monitor.ledger import Ledger


class Registrar:
    """The writing half of discovery. Whoever calls holds the ledger's lock."""

    def __init__(self, state: Censuses, ledger: Ledger, project_at: Callable[[Place, str], Project]) -> None:
        self._state = state
        self._ledger = ledger
        self._project_at = project_at

    def register(
        self, place: Place, before: Census | None, now: Recount, at: datetime, settings: DiscoverySettings
    ) -> tuple[Event, ...]:
        """Store the census of *now*, and tell what is new in it since *before*; returns what was told.

        What is told of a project is stored together with the census that knows of it, so that it is told once. Raises
        StateUnavailableError and StaleSnapshotError when something could not be stored; what was stored before stays.
        """
        written = before
        told: list[Event] = []
        for arn in (*now.appeared, *now.disappeared):
            assert written is not None  # a first census tells nothing
            project, window = self._project_at(place, arn), Window(after=written.taken_at, by=at)
            if arn in now.census.residents:
                written = _with(written, arn, now.census.residents[arn])
                told += self._appeared(project, window, (place.key, written), settings.routes)
            else:
                written = _with(written, arn, None)
                told += self._disappeared(project, window, (place.key, written), settings.routes)
        self._commit(everything_at(place), at, (), (), census=(place.key, now.census))
        return tuple(told)

    def _appeared(
        self, project: Project, window: Window, census: tuple[str, Census], routes: Sequence[Route]
    ) -> tuple[Event, ...]:
        """Its versions are new in the world too: an empty snapshot makes the first poll tell them."""
        streak = self._ledger.reachability.streak(project.arn)
        event = project_appeared(project, window, streak.sequence + 1)
        empty = None
        if self._state.snapshot(project.arn) is None:
            empty = Snapshot(project_arn=project.arn, revision=1, seen_at=window.after, versions={})
        streaks = {project.arn: replace(streak, sequence=event.sequence)}
        return self._commit(project, window.by, (event,), routes, streaks=streaks, after=empty, census=census)

    def _disappeared(
        self, project: Project, window: Window, census: tuple[str, Census], routes: Sequence[Route]
    ) -> tuple[Event, ...]:
        """What was left of its versions is gone with it."""
        last = self._state.snapshot(project.arn)
        streak = self._ledger.reachability.streak(project.arn)
        event = project_disappeared(project, last, window, streak.sequence + streak.told + 1)
        change = diff(project, last, Listing(versions=()), window.by, confirm_absence=1) if last else None
        after = change.snapshot if change and last and change.snapshot.revision != last.revision else None
        return self._commit(
            project,
            window.by,
            (*(change.events if change else ()), event),
            routes,
            streaks={project.arn: Streak(sequence=event.sequence)},
            before=last if after else None,
            after=after,
            census=census,
        )

    def _commit(
        self,
        project: Project,
        at: datetime,
        events: Sequence[Event],
        routes: Sequence[Route],
        *,
        census: tuple[str, Census],
        streaks: Mapping[str, Streak] | None = None,
        before: Snapshot | None = None,
        after: Snapshot | None = None,
    ) -> tuple[Event, ...]:
        return self._ledger.must_commit(
            project, at, events, routes=routes, streaks=streaks or {}, before=before, after=after, census=census
        )


def _with(census: Census, arn: str, resident: Resident | None) -> Census:
    """*census* with another word about one project; None takes it out."""
    others = {other: each for other, each in census.residents.items() if other != arn}
    return replace(census, residents=others if resident is None else {**others, arn: resident})
