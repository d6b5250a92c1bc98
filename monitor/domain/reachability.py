"""When failing polls become news: one event for one root cause, and one for its end.

A project that has failed often enough in a row is unreachable. When the fault is of the kind that a whole account and
region share, and nothing there has succeeded since the project began to fail, the account and region are unreachable
instead: one event, not one for each project. Whatever succeeds first there ends it, and failures that the event spoke
for count no further. What came before what is known by counting, not by the clock, which may go back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from monitor.domain.document import format_time
from monitor.domain.events import Event, EventType, make_event, project_document
from monitor.domain.fault import Reason, Scope
from monitor.domain.project import EVERYTHING
from monitor.domain.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.domain.fault import Fault
    from monitor.domain.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """The failures in a row of a project, or of an account and region.

    Attributes:
        failures: Since the last success.
        since: The first of them; None while there is none.
        told: The unreachable event was made, the recovered one not yet.
        sequence: Of the last event told about this subject.
        ended: How many streaks of this subject a success has ended since the process began.
        within: Of a project whose first fault was shared: `ended` of its account and region then.
    """

    failures: int = 0
    since: datetime | None = None
    told: bool = False
    sequence: int = 0
    ended: int = 0
    within: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachability:
    """The streaks, by project ARN and by endpoint (`Project.endpoint`)."""

    streaks: Mapping[str, Streak] = field(default_factory=dict)

    def streak(self, subject: str) -> Streak:
        """That of *subject*; an empty one where nothing is known."""
        return self.streaks.get(subject, _CALM)

    def unreachable(self, project: Project) -> bool:
        """Whether the project, or its account and region, was told unreachable."""
        return self.streak(project.arn).told or self.streak(project.endpoint).told


_CALM: Final = Streak()

_ANSWERS: Final = frozenset(
    {
        Reason.PROJECT_NOT_FOUND,
        Reason.INVALID_PARAMETER,
        Reason.VALIDATION_FAILED,
        Reason.PAGINATION_TOKEN_INVALID,
        Reason.PAGINATION_TOKEN_REPEATED,
    }
)
"""AWS took the credentials and looked into the question: only the project can be at fault."""

_NAMES: Final[Mapping[Scope, str]] = {
    Scope.PROJECT: "{0.name}",
    Scope.ENDPOINT: "account {0.account_id} in {0.region}",
    Scope.DISCOVERY: "the list of projects of account {0.account_id} in {0.region}",
}

Told = tuple[dict[str, Streak], tuple[Event, ...]]
"""The streaks that are new, by subject, and the events that follow."""


def observe_failure(known: Reachability, project: Project, fault: Fault, at: datetime, *, after: int) -> Told:
    """What one more failed poll of *project* means, when *after* in a row are news."""
    shared = fault.scope is Scope.ENDPOINT
    endpoint = known.streak(project.endpoint)
    if fault.reason in _ANSWERS and endpoint.failures + endpoint.told:
        return _answered(known, project, fault, at, after=after)
    if shared and endpoint.told:
        return {}, ()  # the root cause is told; the project's own count begins when that has ended
    own = _one_more(known.streak(project.arn), at)
    if shared and own.failures == 1:
        own = replace(own, within=endpoint.ended)
    streaks = {project.arn: own} | ({project.endpoint: _one_more(endpoint, at)} if shared else {})
    if own.told or own.failures < after:
        return streaks, ()
    root = project.endpoint if shared and own.within == endpoint.ended else project.arn
    streaks[root] = replace(streaks[root], told=True, sequence=streaks[root].sequence + 1)
    event = _unreachable(project, fault, root, streaks[root], own.failures, at)
    if root == project.endpoint:
        streaks |= _spoken_for({**known.streaks, **streaks}, project.endpoint, endpoint.ended)
    return streaks, (event,)


def observe_success(known: Reachability, project: Project, at: datetime) -> Told:
    """What a poll of *project* that succeeded ends."""
    streaks: dict[str, Streak] = {}
    events: list[Event] = []
    for subject in (project.endpoint, project.arn):
        streak = known.streak(subject)
        if streak.failures or streak.told:
            streaks[subject], event = _end(project, subject, streak, at)
            events.extend(event)
    return streaks, tuple(events)


def _answered(known: Reachability, project: Project, fault: Fault, at: datetime, *, after: int) -> Told:
    """The same, of a fault that shows that the account and region can be reached: what they failed with has ended."""
    ended, event = _end(project, project.endpoint, known.streak(project.endpoint), at)
    now = Reachability(streaks={**known.streaks, project.endpoint: ended})
    streaks, events = observe_failure(now, project, fault, at, after=after)
    return {project.endpoint: ended, **streaks}, (*event, *events)


def _end(project: Project, subject: str, streak: Streak, at: datetime) -> tuple[Streak, tuple[Event, ...]]:
    """The empty streak that follows *streak*, and the event of its end if its beginning was told."""
    sequence = streak.sequence + streak.told
    told = replace(streak, sequence=sequence)
    events = (_recovered(project, subject, told, at),) if streak.told else ()
    return Streak(sequence=sequence, ended=streak.ended + 1), events


def _one_more(streak: Streak, at: datetime) -> Streak:
    return replace(streak, failures=streak.failures + 1, since=streak.since or at)


def _spoken_for(streaks: Mapping[str, Streak], endpoint: str, ended: int) -> dict[str, Streak]:
    """The streaks, empty again, of the projects that the event of their account and region tells of."""
    return {
        subject: Streak(sequence=streak.sequence, ended=streak.ended)
        for subject, streak in streaks.items()
        if subject.startswith(f"{endpoint}:") and streak.within == ended and not streak.told
    }


def _unreachable(project: Project, fault: Fault, root: str, streak: Streak, failures: int, at: datetime) -> Event:
    data = {
        "fault": {
            "reason": str(fault.reason),
            "message": fault.message,
            "hint": fault.hint,
            "code": fault.code,
            "request_id": fault.request_id,
        },
        "failures": failures,
    }
    words = f"unreachable: {fault.reason}: {fault.message}"
    return _event(EventType.PROJECT_UNREACHABLE, Severity.ERROR, project, root, streak, at, words, data)


def _recovered(project: Project, root: str, streak: Streak, at: datetime) -> Event:
    return _event(EventType.PROJECT_RECOVERED, Severity.INFO, project, root, streak, at, "answers again", {})


def _event(
    event_type: EventType,
    severity: Severity,
    project: Project,
    root: str,
    streak: Streak,
    at: datetime,
    words: str,
    more: Mapping[str, Any],
) -> Event:
    scope = _scope(project, root)
    alone = scope is Scope.PROJECT
    data = {
        "summary": f"{_NAMES[scope].format(project)} {words}",
        "account_id": project.account_id,
        "region": project.region,
        "project": project_document(project) if alone else None,
        "scope": scope.value,
        "since": format_time(streak.since) if streak.since else None,
        **more,
    }
    return make_event(
        event_type=event_type,
        severity=severity,
        source=root,
        subject=root,
        project_name=project.name if alone else None,
        status=None,
        move=None,
        time=at,
        sequence=streak.sequence,
        data=data,
    )


def _scope(project: Project, root: str) -> Scope:
    """What the event is about whose subject is *root*."""
    if root != project.arn:
        return Scope.ENDPOINT
    return Scope.DISCOVERY if root.endswith(EVERYTHING) else Scope.PROJECT
