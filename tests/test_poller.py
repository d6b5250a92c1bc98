"""monitor.poller, on a real database"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from structlog.testing import capture_logs

from monitor.domain.cadence import Cadence
from monitor.domain.fault import Reason, Scope
from monitor.domain.reachability import Reachability
from monitor.domain.routing import Route
from monitor.domain.severity import Severity
from monitor.errors import StateUnavailableError, StoppingError
from monitor.ledger import Ledger
from monitor.poller import Poller, PollSettings
from monitor.store import Store
from monitor.view import View
from tests.builders import PROJECT_ARN, at, fault, listing, project, project_arn, version
from tests.fakes_poller import Counts, FullDisk, Source
from tests.store.fresh import made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from monitor.domain.fault import Fault
    from monitor.domain.project import Project
    from monitor.domain.snapshot import Listing
    from monitor.poller import Outcome

MINUTE = timedelta(minutes=1)
SETTINGS = PollSettings(
    cadence=Cadence(interval=5 * MINUTE, transition_interval=timedelta(seconds=30)),
    unreachable_after=3,
    routes=(Route(sink="all"), Route(sink="alarms", min_severity=Severity.ERROR)),
)


class Rig:
    """A poller, and everything around it, whose time a test sets."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = at(0)
        self.source = Source()
        self.counts = Counts()
        self.notified = 0
        self.store = self.open_store()
        self.disk = FullDisk(self.store)
        self.restart()

    def open_store(self) -> Store:
        return Store.open(f"sqlite:///{made(self.path)}", clock=self.clock)

    def clock(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def restart(self) -> None:
        """Everything in memory is lost."""
        self.store.close()
        self.store = self.open_store()
        self.disk = FullDisk(self.store)
        self.view = View()
        self.poller = Poller(
            source=self.source,
            state=self.disk,
            view=self.view,
            ledger=Ledger(
                self.disk,
                self.counts,
                reachability=Reachability(streaks=self.store.streaks()),
                committed=self._notify,
            ),
            observer=self.counts,
            settings=SETTINGS,
            clock=self.clock,
            monotonic=self.seconds,
            budget=lambda _endpoint: 1.0,
        )

    def poll(self, answer: object, *, minute: float, of: Project | None = None) -> Outcome:
        """One poll at that minute that gets *answer*."""
        polled = of or project()
        self.now = at(minute)
        self.source.answers[polled.arn] = answer  # type: ignore[assignment]
        return self.poller.poll(polled)

    def history(self) -> list[dict[str, Any]]:
        return [orjson.loads(message.document) for message in self.store.events(limit=1000)]

    def told(self) -> list[str]:
        """The events in the history, shortly."""
        return [document["data"]["summary"] for document in self.history()]

    def _notify(self) -> None:
        self.notified += 1


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path / "state.db")
    yield rig
    rig.store.close()


def of_status(status: str, **fields: Any) -> Listing:
    return listing(version("v1", status, **fields))


def test_a_first_poll_is_a_silent_baseline(rig: Rig) -> None:
    """What is there at the first look is no news, but it is stored and shown."""
    outcome = rig.poll(of_status("RUNNING"), minute=0)

    assert ((), []) == (outcome.events, rig.history())
    assert rig.store.snapshot(PROJECT_ARN) == outcome.state.snapshot
    assert rig.view.get(PROJECT_ARN) == outcome.state


def test_a_change_is_one_event_for_every_sink_that_wants_it(rig: Rig) -> None:
    """The event is stored, counted, addressed by the routes, and the dispatcher is told."""
    rig.poll(of_status("RUNNING"), minute=0)
    outcome = rig.poll(of_status("FAILED"), minute=5)

    assert ["getting-started / v1: RUNNING -> FAILED"] == rig.told()
    assert [("rekognition.project_version.status_changed", "critical")] == rig.counts.events
    assert {"all": 1, "alarms": 1} == {sink: stats.pending for sink, stats in rig.store.outbox_stats().items()}
    assert {("RUNNING", "FAILED"): 1} == dict(outcome.state.transitions)
    assert 1 == rig.notified


def test_an_unchanged_poll_stores_nothing_but_that_it_was(rig: Rig) -> None:
    """The database keeps its revision; the time of the listing is known all the same."""
    rig.poll(of_status("RUNNING"), minute=0)
    before = rig.path.stat().st_size, rig.store.snapshot(PROJECT_ARN)
    outcome = rig.poll(of_status("RUNNING"), minute=5)
    after = rig.store.snapshot(PROJECT_ARN)

    assert before[1] is not None
    assert after is not None
    assert (before[0], before[1].revision, at(5)) == (rig.path.stat().st_size, after.revision, after.seen_at)
    assert (at(5), 2) == (outcome.state.last_success, outcome.state.polls)


def test_a_change_while_the_monitor_was_down_is_told_once(rig: Rig) -> None:
    """After a restart the last snapshot is compared with, and the window begins when it was last seen."""
    rig.poll(of_status("RUNNING"), minute=0)
    rig.restart()
    rig.poll(of_status("STOPPED"), minute=60)
    rig.restart()
    rig.poll(of_status("STOPPED"), minute=65)
    [event] = rig.history()

    assert "getting-started / v1: RUNNING -> STOPPED" == event["data"]["summary"]
    assert ("skipped", ["STOPPING"]) == (event["data"]["move"], event["data"]["via"])
    assert ("2026-11-21T18:00:00Z", "2026-11-21T19:00:00Z") == (
        event["data"]["observed_after"],
        event["data"]["observed_by"],
    )


def test_a_failed_poll_keeps_what_is_known(rig: Rig) -> None:
    """The snapshot stays, the fault and since when show, and it is counted by reason."""
    rig.poll(of_status("RUNNING"), minute=0)
    failure = fault(Reason.THROTTLED)
    rig.poll(failure, minute=5)
    state = rig.poll(failure, minute=6).state

    assert rig.store.snapshot(PROJECT_ARN) == state.snapshot
    assert (failure, at(5), 2, at(0), 3) == (
        state.fault,
        state.failing_since,
        state.failed_in_a_row,
        state.last_success,
        state.polls,
    )
    assert {Reason.THROTTLED: 2} == dict(state.failures)
    assert [] == rig.history()


def test_failures_in_a_row_are_one_event_and_the_recovery_another(rig: Rig) -> None:
    """The third failure is told, later ones are not; what answers again is told once."""
    rig.poll(of_status("RUNNING"), minute=0)
    for minute in range(1, 6):
        rig.poll(fault(Reason.TIMED_OUT), minute=minute)
    rig.poll(of_status("RUNNING"), minute=6)
    rig.poll(of_status("RUNNING"), minute=7)

    assert [
        "account 111122223333 in us-east-1 unreachable: timed_out: no answer in 20 s",
        "account 111122223333 in us-east-1 answers again",
    ] == rig.told()


def test_a_restart_neither_repeats_nor_forgets_that_a_project_is_unreachable(rig: Rig) -> None:
    """What was told is stored with the event."""
    gone = fault(Reason.PROJECT_NOT_FOUND, scope=Scope.PROJECT, message="no such project")
    for minute in range(3):
        rig.poll(gone, minute=minute)
    rig.restart()
    for minute in range(3, 7):
        rig.poll(gone, minute=minute)
    rig.restart()
    rig.poll(of_status("RUNNING"), minute=8)

    assert [
        "getting-started unreachable: project_not_found: no such project",
        "getting-started answers again",
    ] == rig.told()


def test_one_root_cause_of_many_projects_is_one_event(rig: Rig) -> None:
    """Ten projects without credentials are one fact, and so is their recovery."""
    projects = [project(project_arn(f"p{number}")) for number in range(10)]
    for minute in range(5):
        for each in projects:
            rig.poll(fault(Reason.CREDENTIALS_EXPIRED, message="expired"), minute=minute, of=each)
    for each in projects:
        rig.poll(listing(), minute=6, of=each)

    assert [
        "account 111122223333 in us-east-1 unreachable: credentials_expired: expired",
        "account 111122223333 in us-east-1 answers again",
    ] == rig.told()


def test_a_full_disk_stops_nothing_but_commits(rig: Rig) -> None:
    """The truth is shown while it cannot be stored, and told with the same facts when it can be again."""
    rig.poll(of_status("STARTING"), minute=0)
    rig.disk.full = True
    shown = rig.poll(of_status("RUNNING"), minute=1)
    again = rig.poll(of_status("RUNNING"), minute=2)
    rig.disk.full = False
    stored = rig.poll(of_status("RUNNING"), minute=3)

    assert {"RUNNING": 1} == shown.state.counts() == again.state.counts()
    assert ((), (), 2) == (shown.events, again.events, rig.counts.commits_failed)
    assert ["getting-started / v1: STARTING -> RUNNING"] == rig.told()
    assert ["2026-11-21T18:00:00Z", "2026-11-21T18:03:00Z"] == [
        rig.history()[0]["data"][end] for end in ("observed_after", "observed_by")
    ]
    assert {("STARTING", "RUNNING"): 1} == dict(stored.state.transitions)


def test_what_could_not_be_told_unreachable_is_told_later(rig: Rig) -> None:
    """A refused commit leaves the count of failures where it was."""
    rig.disk.full = True
    for minute in range(4):
        rig.poll(fault(Reason.TIMED_OUT), minute=minute)
    rig.disk.full = False
    rig.poll(fault(Reason.TIMED_OUT), minute=5)
    rig.poll(fault(Reason.TIMED_OUT), minute=6)

    assert 1 == len(rig.told())


def test_a_listing_that_another_process_overtook_is_asked_for_again(rig: Rig) -> None:
    """A stale snapshot voids the listing: comparing it could tell an old state as a new one."""
    rig.poll(of_status("STARTING"), minute=0)
    other = Rig(rig.path)
    other.restart()

    def meanwhile() -> None:
        rig.source.before_answer = lambda: None
        other.poll(of_status("RUNNING"), minute=1)
        rig.source.answers[PROJECT_ARN] = of_status("STOPPING")

    rig.source.before_answer = meanwhile
    rig.now = at(2)
    rig.source.answers[PROJECT_ARN] = of_status("FAILED")
    rig.poller.poll(project())
    other.store.close()

    assert ["getting-started / v1: STARTING -> RUNNING", "getting-started / v1: RUNNING -> STOPPING"] == rig.told()


def test_a_process_that_always_commits_first_is_not_fought_for_ever(rig: Rig) -> None:
    """After three tries the poll is given up, to be made again when it is due."""
    rig.poll(of_status("STARTING"), minute=0)
    other = Rig(rig.path)
    statuses = iter(["RUNNING", "STOPPING", "STOPPED", "STARTING"])

    def meanwhile() -> None:
        status = next(statuses)
        other.poll(of_status(status), minute=1)

    rig.source.before_answer = meanwhile
    rig.source.answers[PROJECT_ARN] = of_status("FAILED")
    with pytest.raises(StateUnavailableError, match="another process keeps committing this project's snapshot"):
        rig.poller.poll(project())
    other.store.close()


def test_a_poll_that_the_stop_interrupts_changes_nothing(rig: Rig) -> None:
    """StoppingError passes through, and nobody is said to be polled any more."""
    rig.poll(of_status("RUNNING"), minute=0)

    def stop() -> None:
        raise StoppingError

    rig.source.before_answer = stop
    with pytest.raises(StoppingError):
        rig.poller.poll(project())

    assert 1 == len(rig.counts.polls)
    assert None is rig.poller.busy_since()


def test_the_longest_running_poll_is_known_while_it_runs(rig: Rig) -> None:
    """For the health check: since when somebody waits."""
    seen: list[float | None] = []
    rig.source.before_answer = lambda: seen.append(rig.poller.busy_since())
    rig.poll(of_status("RUNNING"), minute=3)

    assert [at(3).timestamp()] == seen


@pytest.mark.parametrize(
    ("status", "expected"), [("RUNNING", 5 * MINUTE), ("STARTING", MINUTE / 2), ("NEW_WORD", 5 * MINUTE)]
)
def test_the_cadence_follows_the_status(rig: Rig, status: str, expected: timedelta) -> None:
    """What moves is asked often, what stands still is not; the interval shows."""
    outcome = rig.poll(of_status(status), minute=0)

    assert (expected, expected) == (outcome.next_in, outcome.state.interval)


def test_the_budget_stretches_every_interval(rig: Rig) -> None:
    """90 projects every 30 s want three calls a second; with one allowed, each is asked every 90 s, and it shows."""
    projects = [project(project_arn(f"p{number}"), interval=0.5 * MINUTE) for number in range(90)]
    outcomes = [rig.poll(of_status("RUNNING"), minute=0, of=each) for each in projects[:89]]
    last = rig.poll(of_status("RUNNING"), minute=0, of=projects[89])

    assert 0.5 * MINUTE == outcomes[0].next_in
    assert 90 == round(last.next_in.total_seconds())


def test_a_project_that_fails_is_asked_less_and_less(rig: Rig) -> None:
    """Soon first, then twice as long each time, up to 15 minutes."""
    waits = [rig.poll(fault(Reason.TIMED_OUT, soon=True), minute=minute).next_in for minute in range(7)]

    assert [0.5, 1, 2, 4, 8, 15, 15] == [wait / MINUTE for wait in waits]


def test_what_is_no_version_is_told_once_and_counted_each_time(rig: Rig) -> None:
    """A warning when it begins, silence while it lasts, and the count goes on."""
    broken = listing(version("v1", "RUNNING"), malformed=("entry 2 is null",))
    with capture_logs() as entries:
        states = [rig.poll(broken, minute=minute).state for minute in range(3)]

    assert [1, 2, 3] == [state.malformed for state in states]
    assert [("entry 2 is null",)] == [each["problems"] for each in entries if each["event"] == "version.refused"]


def test_a_poll_is_one_line_in_the_log(rig: Rig) -> None:
    """It says what came of it and carries AWS's request id; a fault is a warning once, and its end is told."""
    with capture_logs() as entries:
        rig.poll(of_status("RUNNING"), minute=0)
        rig.poll(fault(Reason.THROTTLED, request_id="r-2"), minute=1)
        rig.poll(fault(Reason.THROTTLED, request_id="r-3"), minute=2)
        rig.poll(of_status("RUNNING"), minute=3)

    assert [
        ("poll.completed", "info", ("request-1",), None),
        ("poll.failed", "warning", None, "r-2"),
        ("poll.failed", "debug", None, "r-3"),
        ("poll.recovered", "info", ("request-1",), None),
    ] == [(each["event"], each["log_level"], each.get("request_ids"), each.get("request_id")) for each in entries]


def test_what_is_known_is_shown_before_the_first_poll(rig: Rig) -> None:
    """After a restart the page and the metrics have the last state at once."""
    before = rig.poll(of_status("RUNNING"), minute=0).state
    rig.restart()
    rig.poller.restore(project())
    state = rig.view.get(PROJECT_ARN)

    assert state is not None
    assert (before.snapshot, at(0), 0, True) == (state.snapshot, state.last_success, state.polls, state.ready)


def test_a_project_that_is_watched_no_longer_is_shown_no_longer(rig: Rig) -> None:
    """Its state goes, its history stays."""
    rig.poll(of_status("STARTING"), minute=0)
    rig.poll(of_status("RUNNING"), minute=1)
    rig.poller.forget(project())

    assert ((), 1) == (rig.view.states(), len(rig.history()))


@pytest.mark.parametrize(
    "answer", [fault(Reason.TIMED_OUT), listing(version("v1", "FAILED"))], ids=["fault", "listing"]
)
def test_a_project_that_is_forgotten_while_it_is_polled_does_not_come_back(rig: Rig, answer: Listing | Fault) -> None:
    """Whatever its poll finds, nobody is told: its series would stay for ever."""
    rig.poll(of_status("RUNNING"), minute=0)
    rig.source.before_answer = lambda: rig.poller.forget(project())
    with pytest.raises(StoppingError, match="is watched no longer"):
        rig.poll(answer, minute=1)

    assert ((), []) == (rig.view.states(), rig.history())


def test_a_project_that_comes_back_while_it_is_still_polled_is_watched(rig: Rig) -> None:
    """Two reloads during one poll leave it as good as any other."""

    def two_reloads() -> None:
        rig.poller.forget(project())
        rig.poller.restore(project())

    rig.source.before_answer = two_reloads
    outcome = rig.poll(of_status("RUNNING"), minute=0)

    assert (outcome.state,) == rig.view.states()


def test_a_poll_that_was_begun_with_old_settings_does_not_show_them(rig: Rig) -> None:
    """What a reload has changed meanwhile stays changed."""
    labelled = project(labels={"team": "vision"})
    rig.source.before_answer = lambda: rig.poller.restore(labelled)
    rig.poll(of_status("RUNNING"), minute=0)

    assert [labelled] == [state.project for state in rig.view.states()]


def test_other_settings_hold_from_the_next_poll_on(rig: Rig) -> None:
    """A reload changes the cadence and the routes."""
    rig.poll(of_status("STARTING"), minute=0)
    rig.poller.configure(PollSettings(cadence=Cadence(interval=MINUTE), routes=(Route(sink="other"),)))
    outcome = rig.poll(of_status("RUNNING"), minute=1)

    assert MINUTE == outcome.next_in
    assert {"other"} == rig.store.outbox_stats().keys()
