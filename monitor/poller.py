"""One poll of one project, from the question to what is stored and shown."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import structlog

from monitor.domain.cadence import Cadence, backed_off, stretch, under_way, wanted_interval
from monitor.domain.demand import Demand
from monitor.domain.diff import diff
from monitor.domain.fault import Fault
from monitor.domain.reachability import observe_failure, observe_success
from monitor.errors import StaleSnapshotError, StateUnavailableError, StoppingError
from monitor.view import ProjectState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from monitor.domain.events import Event
    from monitor.domain.ports import PollObserver, Source, State
    from monitor.domain.project import Project
    from monitor.domain.routing import Route
    from monitor.domain.snapshot import Listing, Snapshot
    from monitor.ledger import Ledger
    from monitor.view import View

log = structlog.get_logger(__name__)

STALE_RETRIES: Final = 3
"""How often a poll is made again at once because another process committed meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """The settings of `poll`, and who is told.

    Attributes:
        confirm_absence: Complete listings in a row that must lack a version before it is gone.
        unreachable_after: Failed polls in a row before that is an event.
    """

    cadence: Cadence = field(default_factory=Cadence)
    confirm_absence: int = 2
    unreachable_after: int = 3
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one poll came to.

    Attributes:
        state: As it was published.
        events: Those that were committed.
        next_in: When the project is to be asked again, without jitter.
        request_ids: AWS's, of the pages of a complete listing.
    """

    state: ProjectState
    events: tuple[Event, ...]
    next_in: timedelta
    request_ids: tuple[str, ...] = ()


class Poller:
    """Polls projects, one call a project at a time; different projects may be polled by different threads at once.

    Asking AWS runs side by side. What follows (diff, commit, publish) is serialised: it is short, SQLite has one writer
    anyway, and it keeps the reachability of an account and region free of races.
    """

    def __init__(
        self,
        *,
        source: Source,
        state: State,
        view: View,
        ledger: Ledger,
        observer: PollObserver,
        settings: PollSettings,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        budget: Callable[[str], float],
    ) -> None:
        """Build one.

        Args:
            source: Where listings come from.
            state: What is remembered.
            view: Where states are shown.
            ledger: Where what follows is committed.
            observer: What counts.
            settings: How to poll; see `configure`.
            clock: The time, UTC.
            monotonic: Seconds that only grow.
            budget: The calls a second allowed now in an account and region (`Project.endpoint`).
        """
        self._source = source
        self._state = state
        self._view = view
        self._observer = observer
        self._settings = settings
        self._ledger = ledger
        self._clock = clock
        self._monotonic = monotonic
        self._budget = budget
        self._demand = Demand()
        self._malformed: dict[str, tuple[str, ...]] = {}
        self._running: dict[str, float] = {}
        self._abandoned: set[str] = set()

    def configure(self, settings: PollSettings) -> None:
        """Poll by other settings from now on."""
        self._settings = settings

    def restore(self, project: Project) -> None:
        """Show what is known of *project* before, or without, a poll: at the start, and when its settings changed."""
        with self._ledger.lock:
            self._abandoned.discard(project.arn)
            state = replace(self._known(project), project=project, transitions=self._state.transitions(project.arn))
            snapshot = self._state.snapshot(project.arn)
            last = snapshot.seen_at if snapshot else None
            self._view.publish(replace(state, snapshot=snapshot, last_success=last))

    def forget(self, project: Project) -> None:
        """Drop everything that is held about a project that is watched no longer; a poll that runs is given up."""
        with self._ledger.lock:
            if project.arn in self._running:
                self._abandoned.add(project.arn)
            self._demand.remove(project)
            self._malformed.pop(project.arn, None)
            self._view.remove(project.arn)

    def busy_since(self) -> float | None:
        """The monotonic time at which the longest of the running polls began; None while there is none."""
        return min(tuple(self._running.values()), default=None)

    def poll(self, project: Project, *, lateness: float = 0.0) -> Outcome:
        """Ask once, store and show what follows.

        Args:
            project: Whose versions to list.
            lateness: Seconds that the poll began after it was due, for the metric.

        Raises:
            StoppingError: The monitor stops, or the project was forgotten meanwhile; nothing was changed.
            StateError: The database cannot be used at all.
        """
        known = self._view.get(project.arn)
        began = self._running[project.arn] = self._monotonic()
        try:
            outcome = self._poll(project)
        finally:
            self._running.pop(project.arn, None)  # one may have begun beside it, by another thread
            self._abandoned.discard(project.arn)
        duration = self._monotonic() - began
        self._observer.polled(duration=duration, lateness=lateness)
        _log_poll(outcome, known, duration)
        return outcome

    def _poll(self, project: Project) -> Outcome:
        for _ in range(STALE_RETRIES):
            before = self._state.snapshot(project.arn)  # before asking: what is committed meanwhile may be newer
            asked_at = self._clock()
            answer = self._source.list_versions(project)
            answered_at = self._clock()
            try:
                with self._ledger.lock:
                    if project.arn in self._abandoned:
                        raise StoppingError(f"{project.arn} is watched no longer")
                    if isinstance(answer, Fault):
                        return self._failed(project, answer, answered_at)
                    return self._succeeded(project, before, answer, asked_at, answered_at)
            except StaleSnapshotError:
                log.info("snapshot.outdated", project=project.arn)  # this listing may be the older one: ask again
        raise StateUnavailableError(f"{project.arn}: another process keeps committing this project's snapshot")

    def _succeeded(
        self, project: Project, before: Snapshot | None, listing: Listing, asked_at: datetime, at: datetime
    ) -> Outcome:
        confirm = self._settings.confirm_absence
        change = diff(project, before, listing, at, asked_at=asked_at, confirm_absence=confirm)
        streaks, recovered = observe_success(self._ledger.reachability, project, at)
        after = None if before and before.revision == change.snapshot.revision else change.snapshot
        told = (*recovered, *change.events)
        routes = self._settings.routes
        events = self._ledger.commit(project, at, told, routes=routes, streaks=streaks, before=before, after=after)
        if after is None:
            self._state.seen(project.arn, asked_at, settled=change.snapshot.settled)
        known = self._known(project)
        state = replace(
            known,
            snapshot=change.snapshot,
            transitions=self._state.transitions(project.arn),
            fault=None,
            failing_since=None,
            failed_in_a_row=0,
            last_success=at,
            interval=self._interval(project, change.snapshot, max(1, len(listing.request_ids))),
            polls=known.polls + 1,
            malformed=known.malformed + len(listing.malformed),
        )
        self._tell_malformed(project, listing)
        return self._publish(state, events, listing.request_ids)

    def _failed(self, project: Project, fault: Fault, at: datetime) -> Outcome:
        streaks, unreachable = observe_failure(
            self._ledger.reachability, project, fault, at, after=self._settings.unreachable_after
        )
        events = self._ledger.commit(project, at, unreachable, routes=self._settings.routes, streaks=streaks)
        known = self._known(project)
        failed = known.failed_in_a_row + 1
        wanted = wanted_interval(self._settings.cadence, project, hurry=under_way(project, known.snapshot))
        soon = project.transition_interval or self._settings.cadence.transition_interval
        interval = backed_off(wanted, soon_interval=soon, failures=failed, soon=fault.soon)
        state = replace(
            known,
            fault=fault,
            failing_since=known.failing_since or at,
            failed_in_a_row=failed,
            interval=self._stretched(project, interval, 1, first=False),
            polls=known.polls + 1,
            failures={**known.failures, fault.reason: known.failures.get(fault.reason, 0) + 1},
        )
        return self._publish(state, events)

    def _known(self, project: Project) -> ProjectState:
        return self._view.get(project.arn) or ProjectState(project=project)

    def _publish(self, state: ProjectState, events: tuple[Event, ...], request_ids: tuple[str, ...] = ()) -> Outcome:
        self._view.publish(state)
        assert state.interval is not None
        return Outcome(state=state, events=events, next_in=state.interval, request_ids=request_ids)

    def _tell_malformed(self, project: Project, listing: Listing) -> None:
        """Log what was wrong with the entries that are no versions, when it is not what was wrong the last time."""
        if listing.malformed != self._malformed.get(project.arn, ()):
            self._malformed[project.arn] = listing.malformed
            if listing.malformed:
                log.warning("version.refused", project=project.arn, problems=listing.malformed)

    def _interval(self, project: Project, snapshot: Snapshot, calls: int) -> timedelta:
        first = under_way(project, snapshot)
        wanted = wanted_interval(self._settings.cadence, project, hurry=first)
        return self._stretched(project, wanted, calls, first=first)

    def _stretched(self, project: Project, interval: timedelta, calls: int, *, first: bool) -> timedelta:
        load = self._demand.put(project, calls, interval, first=first)
        return interval * stretch(load, self._budget(project.endpoint), first=first)


def _log_poll(outcome: Outcome, known: ProjectState | None, duration: float) -> None:
    """One line a poll; a fault is a warning when it is new, and a debug line while it lasts."""
    state, fault = outcome.state, outcome.state.fault
    common = {
        "project": state.project.arn,
        "seconds": round(duration, 3),
        "next_in": outcome.next_in.total_seconds(),
    }
    if fault is None:
        log.info(
            "poll.recovered" if known and known.fault else "poll.completed",
            **common,
            versions=len(state.snapshot.versions) if state.snapshot else 0,
            events=len(outcome.events),
            request_ids=outcome.request_ids,
        )
        return
    again = known is not None and known.fault is not None and known.fault.reason == fault.reason
    log.log(
        logging.DEBUG if again else logging.WARNING,
        "poll.failed",
        **common,
        reason=str(fault.reason),
        code=fault.code,
        request_id=fault.request_id,
        message=fault.message,
        hint=fault.hint,
        failed_in_a_row=state.failed_in_a_row,
    )
