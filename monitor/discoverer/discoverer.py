"""Asks for the projects of an account and region, and makes what follows of the answer."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from monitor.discoverer.asking import Asking
from monitor.discoverer.registrar import Registrar
from monitor.discoverer.tags import NotYet
from monitor.domain.cadence import backed_off
from monitor.domain.census import recount
from monitor.domain.fault import Fault
from monitor.domain.project import everything_at
from monitor.domain.reachability import observe_failure, observe_success
from monitor.errors import StaleSnapshotError, StateUnavailableError, StoppingError
from monitor.view import PlaceState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.discoverer.asking import Answer
    from monitor.discoverer.ports import Censuses, DiscoveryObserver, DiscoverySettings, ProjectSource
    from monitor.domain.account import Discovery, Place
    from monitor.domain.census import Census
    from monitor.domain.project import Project
    from monitor.ledger import Ledger
    from monitor.view import View

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """What one discovery came to.

    Attributes:
        state: As it was published.
        next_in: When to discover again, or to go on, without jitter.
        finished: Whether everything was asked that had to be.
    """

    state: PlaceState
    next_in: timedelta
    finished: bool = True

    @property
    def watched(self) -> tuple[str, ...]:
        """The ARNs of the projects to watch, by the last complete discovery."""
        return self.state.census.watched if self.state.census else ()


class Discoverer:
    """Discovers one place at a time by one thread; different places by different threads at once."""

    def __init__(
        self,
        *,
        source: ProjectSource,
        state: Censuses,
        view: View,
        ledger: Ledger,
        observer: DiscoveryObserver,
        settings: DiscoverySettings,
        project_at: Callable[[Place, str], Project],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        turn: Callable[[Place], float],
    ) -> None:
        """Build one.

        Args:
            source: Where the lists come from.
            state: What is remembered.
            view: Where it is shown how each place stands.
            ledger: Where what follows is committed.
            observer: What counts.
            settings: How to discover; see `configure`.
            project_at: Gives the project with an ARN of a place, with the settings that it is watched with.
            clock: The time, UTC.
            monotonic: Seconds that only grow.
            turn: Seconds until it is worth to ask again whether tags of a place can be asked for; 0 takes the turn.
        """
        self._state = state
        self._view = view
        self._ledger = ledger
        self._observer = observer
        self._settings = settings
        self._registrar = Registrar(state, ledger, project_at)
        self._asking = Asking(source, turn=turn, clock=clock, monotonic=monotonic)
        self._clock = clock
        self._running: set[str] = set()
        self._abandoned: set[str] = set()

    def configure(self, settings: DiscoverySettings) -> None:
        """Discover by other settings from now on."""
        self._settings = settings

    def restore(self, place: Place, discovery: Discovery) -> tuple[str, ...]:
        """Show *place* before its first discovery; returns the ARNs of the projects that the last one found to watch.

        What *discovery*, which may be another than then, leaves out by name is left out at once; what it takes in
        besides is found by the next.
        """
        census = self._state.census(place.key)
        self._view.publish_place(replace(self._known(place), census=census))
        return census.watched_by(discovery) if census else ()

    def forget(self, place: Place) -> None:
        """Show a place no longer that is not asked any more; a discovery that runs is given up."""
        with self._ledger.lock:
            if place.key in self._running:
                self._abandoned.add(place.key)
            self._asking.forget(place)
            known = self._known(place)
            self._view.remove_place(place.key)
            self._observer.place_forgotten(known.place)

    def unfinished(self, place: Place) -> bool:
        """Whether a discovery there has been sent away between its calls; the next one goes on with it."""
        return self._asking.begun(place)

    def discover(self, place: Place, discovery: Discovery, *, patient: bool = True) -> Discovered:
        """Ask once, store and tell what follows.

        Unless it is *patient* it comes back unfinished when the budget cannot pay the next call, with when it can.

        Raises StoppingError when the monitor stops, or the place was forgotten meanwhile; StateError when the database
        cannot be used at all.
        """
        self._running.add(place.key)
        try:
            return self._discover(place, discovery, patient=patient)
        finally:
            self._running.discard(place.key)
            self._abandoned.discard(place.key)

    def _discover(self, place: Place, discovery: Discovery, *, patient: bool) -> Discovered:
        known = self._known(place)
        answer = self._asking.ask(known.place, discovery, patient=patient)
        with self._ledger.lock:
            if place.key in self._abandoned:
                self._asking.forget(place)
                raise StoppingError(f"{place.key} is asked no longer, or for something else")
            if isinstance(answer, NotYet):
                return Discovered(state=known, next_in=timedelta(seconds=answer.seconds), finished=False)
            if isinstance(answer, Fault):
                return self._failed(known, discovery, answer, self._clock())
            return self._succeeded(known, discovery, answer)

    def _known(self, place: Place) -> PlaceState:
        """How *place* stands, with its account's id if somebody has said it meanwhile."""
        return self._view.place(place.key) or PlaceState(place=place)

    def _failed(self, known: PlaceState, discovery: Discovery, fault: Fault, at: datetime) -> Discovered:
        everything = everything_at(known.place)
        after = self._settings.unreachable_after
        streaks, unreachable = observe_failure(self._ledger.reachability, everything, fault, at, after=after)
        self._ledger.commit(everything, at, unreachable, routes=self._settings.routes, streaks=streaks)
        self._observer.discovery_failed(known.place, reason=str(fault.reason))
        state = replace(
            known, fault=fault, failing_since=known.failing_since or at, failed_in_a_row=known.failed_in_a_row + 1
        )
        cadence = self._settings.cadence
        next_in = backed_off(
            min(discovery.every, cadence.interval),
            soon_interval=cadence.transition_interval,
            failures=state.failed_in_a_row,
            soon=fault.soon,
        )
        _log_failure(known, state, next_in)
        return self._publish(state, next_in)

    def _succeeded(self, known: PlaceState, discovery: Discovery, answer: Answer) -> Discovered:
        place = replace(known.place, account_id=answer.listing.account_id or known.place.account_id)
        if place != known.place:
            self._observer.place_forgotten(known.place)
        state = replace(known, place=place, fault=None, failing_since=None, failed_in_a_row=0, last_success=answer.at)
        soon = min(discovery.every, self._settings.cadence.interval)
        try:
            for each in {known.place, place}:
                self._recovered(each, answer.at)
            census, told = self._register(place, discovery, answer)
        except (StateUnavailableError, StaleSnapshotError):
            return self._publish(state, soon)  # what was not stored is found again
        self._observer.discovered(place, projects=len(census.watched), at=answer.at)
        log.info(
            "discovery.recovered" if known.fault else "discovery.completed",
            account=place.account,
            region=place.region,
            projects=len(answer.listing.projects),
            watched=len(census.watched),
            events=told,
            request_ids=answer.listing.request_ids,
        )
        if answer.listing.malformed:
            log.warning("project.refused", place=place.key, problems=answer.listing.malformed)
        return self._publish(replace(state, census=census), soon if census.unsure else discovery.every)

    def _register(self, place: Place, discovery: Discovery, answer: Answer) -> tuple[Census, int]:
        before = self._state.census(place.key)
        now = recount(
            before,
            answer.listing,
            answer.wanted,
            features=discovery.features,
            at=answer.asked_at,
            confirm_absence=self._settings.confirm_absence,
        )
        told = self._registrar.register(place, before, now, answer.at, self._settings)
        return now.census, len(told)

    def _recovered(self, place: Place, at: datetime) -> None:
        everything = everything_at(place)
        streaks, events = observe_success(self._ledger.reachability, everything, at)
        self._ledger.must_commit(everything, at, events, routes=self._settings.routes, streaks=streaks)

    def _publish(self, state: PlaceState, next_in: timedelta) -> Discovered:
        self._view.publish_place(state)
        return Discovered(state=state, next_in=next_in)


def _log_failure(known: PlaceState, state: PlaceState, next_in: timedelta) -> None:
    """A warning when the fault is new, and a debug line while it lasts."""
    assert state.fault is not None
    again = known.fault is not None and known.fault.reason == state.fault.reason
    log.log(
        logging.DEBUG if again else logging.WARNING,
        "discovery.failed",
        account=state.place.account,
        region=state.place.region,
        reason=str(state.fault.reason),
        code=state.fault.code,
        request_id=state.fault.request_id,
        message=state.fault.message,
        hint=state.fault.hint,
        failed_in_a_row=state.failed_in_a_row,
        next_in=next_in.total_seconds(),
    )
