"""What holds of reachability in every order of failures, recoveries, restarts and clocks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from monitor.domain.fault import Scope
from monitor.domain.reachability import Reachability, Streak, observe_failure, observe_success
from tests.builders import at, fault, project, project_arn

if TYPE_CHECKING:
    from monitor.domain.events import Event
    from monitor.domain.project import Project
    from monitor.domain.reachability import Told

HERE = [project(project_arn(name)) for name in "ABC"]
THERE = project(project_arn("A", region="eu-west-1"))
PROJECTS = st.sampled_from([*HERE[:2], THERE])
SCOPES = st.sampled_from(Scope)


@given(st.data(), st.integers(1, 4))
def test_an_outage_is_one_event_and_its_end_one_more(data: st.DataObject, after: int) -> None:
    """Whatever the order in which the projects of an account and region fail and recover, and fail once more late."""
    failures = data.draw(st.permutations(HERE * after)) + data.draw(st.lists(st.sampled_from(HERE), max_size=6))
    healed = data.draw(st.permutations(HERE))
    late = healed[1:] if after > 1 else []  # asked before the end, answered after it
    known, told = Reachability(), []
    for minute, each in enumerate([*failures, *healed[:1], *late, *healed[1:]]):
        if minute < len(failures) or len(failures) < minute <= len(failures) + len(late):
            streaks, events = observe_failure(known, each, fault(), at(minute), after=after)
        else:
            streaks, events = observe_success(known, each, at(minute))
        known = Reachability(streaks={**known.streaks, **streaks})
        told += [(event.type.rpartition(".")[2], event.subject) for event in events]

    assert told == [("unreachable", HERE[0].endpoint), ("recovered", HERE[0].endpoint)]


@given(st.permutations(HERE * 3), st.permutations(HERE))
def test_faults_that_cannot_be_shared_are_each_a_project_s_own(failing: list[Project], healing: list[Project]) -> None:
    """In any order, each project is told once, and each end once."""
    known = Reachability()
    told: Counter[tuple[str, str]] = Counter()
    for minute, each in enumerate([*failing, *healing]):
        if minute < len(failing):
            streaks, events = observe_failure(known, each, fault(scope=Scope.PROJECT), at(minute), after=3)
        else:
            streaks, events = observe_success(known, each, at(minute))
        known = Reachability(streaks={**known.streaks, **streaks})
        told.update((event.type.rpartition(".")[2], event.subject) for event in events)

    assert told == Counter((kind, each.arn) for kind in ("unreachable", "recovered") for each in HERE)


class Monitor(RuleBasedStateMachine):
    """Three projects in two regions, polled at random: what is told against a plain record of what happened."""

    def __init__(self) -> None:
        super().__init__()
        self.known = Reachability()
        self.stored: dict[str, Streak] = {}
        self.minute = 0
        self.in_a_row: Counter[str] = Counter()  # failed polls that nothing told explains
        self.alone: dict[str, bool] = {}  # something there has succeeded since the project began to fail
        self.told: dict[str, list[Event]] = {}

    @initialize(after=st.integers(1, 3))
    def configure(self, after: int) -> None:
        self.after = after

    @rule(each=PROJECTS, scope=SCOPES, step=st.integers(-30, 30))
    def fails(self, each: Project, scope: Scope, step: int) -> None:
        """One more failed poll."""
        shared = scope is Scope.ENDPOINT
        was_told = self.known.streak(each.endpoint).told
        counted = not (shared and was_told)
        if counted:
            self.in_a_row[each.arn] += 1
            self.alone.setdefault(each.arn, not shared)
        self.minute += step
        told = observe_failure(self.known, each, fault(scope=scope), at(self.minute), after=self.after)
        for event in self.take(told):
            assert counted
            assert self.in_a_row[each.arn] >= self.after
            assert event.subject == (each.arn if self.alone[each.arn] or not shared else each.endpoint)
            if event.subject == each.endpoint:
                self.explain(each.endpoint)

    @rule(each=PROJECTS, step=st.integers(-30, 30))
    def answers(self, each: Project, step: int) -> None:
        """A poll that succeeds ends what was told of the project and of its account and region, and nothing else."""
        due = [subject for subject in (each.endpoint, each.arn) if self.known.streak(subject).told]
        self.minute += step
        events = self.take(observe_success(self.known, each, at(self.minute)))
        assert [event.subject for event in events] == due
        del self.in_a_row[each.arn]
        self.alone.pop(each.arn, None)
        self.alone |= {arn: True for arn in self.alone if arn.startswith(each.endpoint + ":")}
        assert not self.known.unreachable(each)

    @rule(seldom=st.integers(0, 9))
    def restarts(self, seldom: int) -> None:
        """Only what was told, and its number, is stored."""
        if seldom:
            return
        self.known = Reachability(streaks=dict(self.stored))
        self.in_a_row.clear()
        self.alone.clear()

    @invariant()
    def whatever_failed_often_enough_is_told(self) -> None:
        """No project fails in silence: it is told itself, or its account and region is."""
        for each in [*HERE[:2], THERE]:
            if self.in_a_row[each.arn] >= getattr(self, "after", 1):
                assert self.known.unreachable(each)

    @invariant()
    def beginnings_and_ends_take_turns(self) -> None:
        """Of each subject: unreachable, recovered, unreachable ..., numbered 1, 2, 3 ..., each with its own id."""
        for told in self.told.values():
            kinds = [event.type.rpartition(".")[2] for event in told]
            assert kinds == ["unreachable", "recovered"] * (len(kinds) // 2) + ["unreachable"] * (len(kinds) % 2)
            assert [event.sequence for event in told] == list(range(1, len(told) + 1))
        ids = [event.id for told in self.told.values() for event in told]
        assert len(set(ids)) == len(ids)

    def take(self, told: Told) -> tuple[Event, ...]:
        """What the poller does with an answer: keep the streaks, store those whose news changed."""
        streaks, events = told
        for subject, streak in streaks.items():
            before = self.known.streak(subject)
            if (before.told, before.sequence) != (streak.told, streak.sequence):
                self.stored[subject] = Streak(
                    failures=streak.failures, since=streak.since, told=streak.told, sequence=streak.sequence
                )
        self.known = Reachability(streaks={**self.known.streaks, **streaks})
        for event in events:
            self.told.setdefault(event.subject, []).append(event)
        return events

    def explain(self, endpoint: str) -> None:
        """An account and region is told: that explains the projects there that fail for nothing of their own."""
        for arn in [arn for arn, alone in self.alone.items() if arn.startswith(endpoint + ":") and not alone]:
            if not self.known.streak(arn).told:
                del self.in_a_row[arn], self.alone[arn]


TestMonitor = Monitor.TestCase
TestMonitor.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
