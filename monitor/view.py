"""The state of every project as it is shown: what /metrics, the page and the API read.

Written by the polls, read by whoever serves. A state is published whole and never changed afterwards, so readers need
no lock and never wait for a poll or the database.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from monitor.domain.project import everything_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from monitor.domain.account import Place
    from monitor.domain.census import Census
    from monitor.domain.fault import Fault, Reason
    from monitor.domain.project import Project
    from monitor.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectState:
    """One project as it stands.

    Attributes:
        snapshot: None until a first listing is complete or restored.
        transitions: How often each pair of statuses was moved through, ever; the same object while nothing changed.
        fault: Of the last poll; None when it succeeded or there was none.
        failing_since: The first failed poll of those in a row.
        failed_in_a_row: How many those are.
        last_success: The last poll that was complete, of this process or an earlier one.
        interval: What the cadence really is; None before the first poll.
        polls: Since the process began, failed ones too.
        failures: Of those, by reason.
        malformed: Entries of listings that were no version, since the process began.
    """

    project: Project
    snapshot: Snapshot | None = None
    transitions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    fault: Fault | None = None
    failing_since: datetime | None = None
    failed_in_a_row: int = 0
    last_success: datetime | None = None
    interval: timedelta | None = None
    polls: int = 0
    failures: Mapping[Reason, int] = field(default_factory=dict)
    malformed: int = 0

    @property
    def ready(self) -> bool:
        """Whether there is something to show: a snapshot, restored or fresh, or a fault."""
        return self.snapshot is not None or self.fault is not None

    def counts(self) -> Counter[str]:
        """How many of the watched versions are in each status, by word."""
        watched = self.snapshot.watched(self.project) if self.snapshot else []
        return Counter(tracked.version.status.word for tracked in watched)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceState:
    """One account and region whose projects are discovered, as it stands.

    Attributes:
        place: With its account's id as soon as somebody has said it.
        census: The last complete one, of this process or an earlier one.
        fault: Of the last discovery; None when it succeeded or there was none.
        failing_since: The first failed discovery of those in a row.
        failed_in_a_row: How many those are.
        last_success: The last one that was complete, of this process.
    """

    place: Place
    census: Census | None = None
    fault: Fault | None = None
    failing_since: datetime | None = None
    failed_in_a_row: int = 0
    last_success: datetime | None = None

    @property
    def ready(self) -> bool:
        """Whether its projects are known, now or from before, or it is known why not."""
        return self.census is not None or self.fault is not None

    def as_project(self) -> ProjectState:
        """The same in the form of a project's, that of all projects there: its fault is shown among theirs."""
        return ProjectState(
            project=everything_at(self.place),
            fault=self.fault,
            failing_since=self.failing_since,
            failed_in_a_row=self.failed_in_a_row,
            last_success=self.last_success,
        )


class Listener(Protocol):
    """Told of each change, by the thread that publishes: has to be quick and must not raise."""

    def published(self, state: ProjectState) -> None:
        """A project's state is new."""

    def removed(self, project_arn: str) -> None:
        """A project is watched no longer."""


class View:
    """The states by project ARN, in the order the projects were first published."""

    def __init__(self, *listeners: Listener) -> None:
        self._listeners = listeners
        self._states: dict[str, ProjectState] = {}
        self._places: dict[str, PlaceState] = {}  # replaced, never changed: read without the lock
        self._lock = threading.Lock()

    def publish(self, state: ProjectState) -> None:
        """Show *state* in the place of the project's last one."""
        with self._lock:
            self._states[state.project.arn] = state
            for listener in self._listeners:
                listener.published(state)

    def remove(self, project_arn: str) -> None:
        """Show the project no longer."""
        with self._lock:
            if self._states.pop(project_arn, None) is not None:
                for listener in self._listeners:
                    listener.removed(project_arn)

    def get(self, project_arn: str) -> ProjectState | None:
        """One project's state."""
        return self._states.get(project_arn)

    def publish_place(self, state: PlaceState) -> None:
        """Show how an account and region stands, in the place of what was last shown of it."""
        with self._lock:
            self._places = {**self._places, state.place.key: state}

    def remove_place(self, key: str) -> None:
        """Show the account and region with this key no longer."""
        with self._lock:
            self._places = {other: state for other, state in self._places.items() if other != key}

    def place(self, key: str) -> PlaceState | None:
        """How the account and region with this key (`Place.key`) stands."""
        return self._places.get(key)

    def places(self) -> tuple[PlaceState, ...]:
        """Every account and region whose projects are discovered."""
        return tuple(self._places.values())

    def faulty(self) -> tuple[ProjectState, ...]:
        """The states with a fault, those of places first, in the form of a project's (`PlaceState.as_project`)."""
        states = (*(place.as_project() for place in self.places()), *self.states())
        return tuple(state for state in states if state.fault is not None)

    def states(self) -> tuple[ProjectState, ...]:
        """Every project's state as of now."""
        with self._lock:
            return tuple(self._states.values())
