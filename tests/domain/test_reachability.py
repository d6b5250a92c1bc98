from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from monitor.domain.events import Event, EventType, event_id
from monitor.domain.fault import Fault, Reason, Scope
from monitor.domain.reachability import Reachability, Streak, observe_failure, observe_success
from monitor.domain.severity import Severity
from tests.builders import ENDPOINT, PROJECT_ARN, at, fault, project, project_arn

if TYPE_CHECKING:
    from monitor.domain.project import Project

A, B, C = (project(project_arn(name)) for name in "ABC")
ELSEWHERE = project(project_arn("A", region="eu-west-1"))
SHARED = fault(Reason.CREDENTIALS_EXPIRED, scope=Scope.ENDPOINT)
OWN = fault(Reason.PROJECT_NOT_FOUND, scope=Scope.PROJECT)
UNREACHABLE, RECOVERED = EventType.PROJECT_UNREACHABLE, EventType.PROJECT_RECOVERED


@dataclass
class Watch:
    """What the poller does with reachability: keeps the streaks, and one poll a minute."""

    after: int = 3
    known: Reachability = field(default_factory=Reachability)
    minute: float = 0
    told: list[tuple[str, str]] = field(default_factory=list)

    def fails(self, *projects: Project, fault: Fault = SHARED) -> list[Event]:
        """One failed poll of each."""
        return [event for each in projects for event in self._observe(each, fault)]

    def answers(self, *projects: Project) -> list[Event]:
        """One poll of each that succeeds."""
        return [event for each in projects for event in self._observe(each, None)]

    def _observe(self, each: Project, fault: Fault | None) -> tuple[Event, ...]:
        self.minute += 1
        moment = at(self.minute)
        if fault is None:
            streaks, events = observe_success(self.known, each, moment)
        else:
            streaks, events = observe_failure(self.known, each, fault, moment, after=self.after)
        self.known = Reachability(streaks={**self.known.streaks, **streaks})
        self.told += [(event.type.rpartition(".")[2], event.subject) for event in events]
        return events


def test_a_project_unreachable_as_a_whole() -> None:
    """The event says which project, since when, how often, and what the operator can do."""
    watched = project(labels={"team": "vision"})
    known = Reachability(streaks={PROJECT_ARN: Streak(failures=2, since=at(-10), sequence=4)})
    lost = Fault(
        reason=Reason.PROJECT_NOT_FOUND,
        message="no such project",
        hint="Take it out of the configuration.",
        scope=Scope.PROJECT,
        soon=False,
        code="ResourceNotFoundException",
        request_id="request-7",
    )

    streaks, events = observe_failure(known, watched, lost, at(), after=3)

    assert streaks == {PROJECT_ARN: Streak(failures=3, since=at(-10), told=True, sequence=5)}
    identity = event_id(PROJECT_ARN, UNREACHABLE, 5)
    assert events == (
        Event(
            id=identity,
            type=UNREACHABLE,
            severity=Severity.ERROR,
            source=PROJECT_ARN,
            subject=PROJECT_ARN,
            project_name="getting-started",
            status=None,
            move=None,
            time=at(),
            sequence=5,
            document={
                "specversion": "1.0",
                "id": identity,
                "source": PROJECT_ARN,
                "type": "rekognition.project.unreachable",
                "subject": PROJECT_ARN,
                "time": "2026-11-21T18:00:00Z",
                "datacontenttype": "application/json",
                "severity": "error",
                "sequence": "5",
                "data": {
                    "summary": "getting-started unreachable: project_not_found: no such project",
                    "account_id": "111122223333",
                    "region": "us-east-1",
                    "project": {"arn": PROJECT_ARN, "name": "getting-started", "labels": {"team": "vision"}},
                    "scope": "project",
                    "since": "2026-11-21T17:50:00Z",
                    "fault": {
                        "reason": "project_not_found",
                        "message": "no such project",
                        "hint": "Take it out of the configuration.",
                        "code": "ResourceNotFoundException",
                        "request_id": "request-7",
                    },
                    "failures": 3,
                },
            },
        ),
    )


def test_an_account_and_region_recovered_as_a_whole() -> None:
    """The event is about the account and region, whichever project answered first."""
    known = Reachability(streaks={ENDPOINT: Streak(failures=9, since=at(-10), told=True, sequence=1)})

    streaks, events = observe_success(known, project(), at())

    assert {subject: (s.failures, s.since, s.told, s.sequence) for subject, s in streaks.items()} == {
        ENDPOINT: (0, None, False, 2)
    }
    identity = event_id(ENDPOINT, RECOVERED, 2)
    assert events == (
        Event(
            id=identity,
            type=RECOVERED,
            severity=Severity.INFO,
            source=ENDPOINT,
            subject=ENDPOINT,
            project_name=None,
            status=None,
            move=None,
            time=at(),
            sequence=2,
            document={
                "specversion": "1.0",
                "id": identity,
                "source": ENDPOINT,
                "type": "rekognition.project.recovered",
                "subject": ENDPOINT,
                "time": "2026-11-21T18:00:00Z",
                "datacontenttype": "application/json",
                "severity": "info",
                "sequence": "2",
                "data": {
                    "summary": "account 111122223333 in us-east-1 answers again",
                    "account_id": "111122223333",
                    "region": "us-east-1",
                    "project": None,
                    "scope": "endpoint",
                    "since": "2026-11-21T17:50:00Z",
                },
            },
        ),
    )


@pytest.mark.parametrize("after", [1, 2, 3, 5])
def test_the_failure_that_makes_the_streak_long_enough_is_told_and_no_other(after: int) -> None:
    """`poll.unreachable_after` failures in a row are one event."""
    watch = Watch(after=after)

    told = [len(watch.fails(A, fault=OWN)) for _ in range(8)]

    assert told == [int(number == after) for number in range(1, 9)]


def test_a_success_in_between_begins_the_count_anew() -> None:
    """Failures count only in a row."""
    watch = Watch()
    for _ in range(4):
        watch.fails(A, A)
        watch.answers(A)

    assert watch.told == []


def test_a_project_that_always_answered_is_no_news() -> None:
    """A success after successes changes nothing, so nothing need be stored."""
    assert observe_success(Reachability(), A, at()) == ({}, ())


def test_one_root_cause_is_one_event_and_its_end_one_more() -> None:
    """When an account and region stops answering, the first project that says so speaks for all."""
    watch = Watch()
    for _ in range(6):
        watch.fails(A, B, C)
    watch.answers(B, A, C)

    assert watch.told == [("unreachable", ENDPOINT), ("recovered", ENDPOINT)]


def test_a_single_failing_project_among_healthy_ones_is_its_own() -> None:
    """Where others of the account and region answer, a fault that could be shared is the project's."""
    watch = Watch()
    for _ in range(4):
        watch.fails(A)
        watch.answers(B)
    watch.answers(A)

    assert watch.told == [("unreachable", A.arn), ("recovered", A.arn)]


def test_faults_of_projects_are_each_their_own() -> None:
    """What cannot be shared is told of each project that has it."""
    watch = Watch()
    for _ in range(4):
        watch.fails(A, B, fault=OWN)
    watch.answers(B, A)

    assert watch.told == [
        ("unreachable", A.arn),
        ("unreachable", B.arn),
        ("recovered", B.arn),
        ("recovered", A.arn),
    ]


def test_a_project_s_own_fault_is_told_beside_the_shared_one() -> None:
    """An answer about one project shows that its region can be reached: the others' faults are their own."""
    watch = Watch()
    for _ in range(3):
        watch.fails(A, fault=OWN)
        watch.fails(B, C)
    watch.answers(B)
    watch.answers(A)

    assert watch.told == [
        ("unreachable", A.arn),
        ("unreachable", B.arn),
        ("unreachable", C.arn),
        ("recovered", B.arn),
        ("recovered", A.arn),
    ]


def test_an_answer_that_a_project_is_not_there_ends_what_its_region_was_told_for() -> None:
    """AWS took the credentials and looked: only the project is at fault now, and told when it failed often enough."""
    watch = Watch()
    for _ in range(3):
        watch.fails(A)
    for _ in range(3):
        watch.fails(A, fault=OWN)

    assert watch.told == [("unreachable", ENDPOINT), ("recovered", ENDPOINT), ("unreachable", A.arn)]


def test_another_region_is_another_root() -> None:
    """What one region does says nothing of the same account elsewhere."""
    watch = Watch()
    for _ in range(3):
        watch.fails(A)
        watch.answers(ELSEWHERE)

    assert watch.told == [("unreachable", ENDPOINT)]
    assert (watch.known.unreachable(B), watch.known.unreachable(ELSEWHERE)) == (True, False)


def test_a_project_told_alone_does_not_hide_the_account_s_failure() -> None:
    """After one project's own event, the others that fail later tell of the account and region, once."""
    watch = Watch()
    for _ in range(3):
        watch.fails(A)
        watch.answers(B)
    for _ in range(3):
        watch.fails(A, B, C)
    watch.answers(A)

    assert watch.told == [
        ("unreachable", A.arn),
        ("unreachable", ENDPOINT),
        ("recovered", ENDPOINT),
        ("recovered", A.arn),
    ]


def test_failures_that_the_account_s_event_told_do_not_count_again() -> None:
    """A project that fails once more after the others recovered has failed once, not as often as in the outage."""
    watch = Watch()
    watch.fails(A, B, A, B, A, B, B)
    watch.answers(A)
    watch.fails(B, B)
    watch.answers(B)

    assert watch.told == [("unreachable", ENDPOINT), ("recovered", ENDPOINT)]


def test_the_first_failure_can_be_told_for_all() -> None:
    """With one failure enough, the project that told of the account and region has not failed by itself either."""
    watch = Watch(after=1)
    watch.fails(A, B)
    watch.answers(B)
    watch.fails(A)

    assert watch.told == [("unreachable", ENDPOINT), ("recovered", ENDPOINT), ("unreachable", ENDPOINT)]


def test_failures_before_the_account_s_event_do_not_count_after_its_end() -> None:
    """The same of a project that was not polled while the event stood."""
    watch = Watch()
    watch.fails(A, B, A, B, A)
    watch.answers(A)
    watch.fails(B, B)
    watch.answers(B)

    assert watch.told == [("unreachable", ENDPOINT), ("recovered", ENDPOINT)]


def test_a_project_that_goes_on_failing_after_the_others_recovered_is_told() -> None:
    """The shared event has ended, so what still fails is the project's own."""
    watch = Watch()
    watch.fails(A, B, A, B, A)
    for _ in range(3):
        watch.answers(A)
        watch.fails(B)

    assert watch.told == [("unreachable", ENDPOINT), ("recovered", ENDPOINT), ("unreachable", B.arn)]


def test_a_clock_that_goes_back_does_not_make_a_project_s_failure_the_account_s() -> None:
    """What succeeded in between is known by its order, not by the time of day."""
    watch = Watch(minute=60)
    watch.fails(A)
    watch.answers(B)
    watch.minute = 0
    watch.fails(A)
    watch.answers(B)
    watch.fails(A)

    assert watch.told == [("unreachable", A.arn)]


def test_what_was_told_before_a_restart_is_not_told_again() -> None:
    """The streaks that were stored are enough to go on: no second event, and the end is told with the next number."""
    watch = Watch()
    watch.fails(A, A, A)
    told = {subject: streak for subject, streak in watch.known.streaks.items() if streak.told}
    again = Watch(known=Reachability(streaks=told), minute=10)
    again.fails(A, B, A, B, A, B)
    recovered = again.answers(B)

    assert again.told == [("recovered", ENDPOINT)]
    assert [(event.sequence, event.document["data"]["since"]) for event in recovered] == [(2, "2026-11-21T18:01:00Z")]


def test_ends_that_have_no_known_beginning_say_so() -> None:
    """Streaks of an older database may not know since when they last."""
    known = Reachability(streaks={A.arn: Streak(told=True, sequence=1)})

    _, events = observe_success(known, A, at())

    assert [event.document["data"]["since"] for event in events] == [None]
