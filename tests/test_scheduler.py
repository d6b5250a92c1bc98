"""monitor.scheduler"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from monitor.domain.project import Project, parse_project
from monitor.errors import StoppingError
from monitor.scheduler import AFTER_CRASH, Poll, Scheduler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

START = datetime(2100, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DEADLINE = 60.0


def project(name: str) -> Project:
    return parse_project(f"arn:aws:rekognition:us-east-1:111122223333:project/{name}/1690474772815")


A, B = project("a"), project("b")


class Polls:
    """Polls that are recorded, and that wait where a test tells them to."""

    def __init__(self, next_in: timedelta = HOUR) -> None:
        self.next_in = next_in
        self.made: list[tuple[str, float]] = []
        self.holds: dict[str, threading.Event] = {}
        self.failures: list[Exception] = []
        self._changed = threading.Condition()

    def __call__(self, polled: Project, *, lateness: float) -> timedelta:
        with self._changed:
            self.made.append((polled.name, lateness))
            self._changed.notify_all()
        if polled.name in self.holds:
            assert self.holds[polled.name].wait(DEADLINE)
        if self.failures:
            raise self.failures.pop()
        return self.next_in

    def names(self) -> list[str]:
        return [name for name, _ in self.made]

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.made) >= count, DEADLINE)


def utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def running(
    poll: Poll,
    turn: Callable[[str], float] = lambda _: 0.0,
    *,
    workers: int = 2,
    chance: float = 0.5,
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[Scheduler]:
    """One that runs; by a clock that stands at the year 2100, everything put is due in a distant future."""
    scheduler = Scheduler(
        poll,
        turn,
        workers=workers,
        jitter=0.1,
        clock=clock,
        monotonic=time.monotonic,
        chance=lambda: chance,
    )
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.stop(DEADLINE)


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)  # to the threads that are waited for


def wait_until_due(scheduler: Scheduler, arn: str) -> datetime:
    """When the project is next due, once its poll has ended."""
    wait_until(lambda: arn in scheduler.due())
    return scheduler.due()[arn]


def test_a_project_is_due_after_its_delay() -> None:
    """What is put is due that much later."""
    with running(Polls(), clock=lambda: START) as scheduler:
        scheduler.put(A, timedelta(0))
        scheduler.put(B, HOUR)
        due = scheduler.due()

    assert {A.arn: START, B.arn: START + HOUR} == due


def test_a_project_put_again_has_one_job() -> None:
    """A new time takes the place of the old one."""
    with running(Polls(), clock=lambda: START) as scheduler:
        scheduler.put(A, HOUR)
        scheduler.put(A, 2 * HOUR)
        due = scheduler.due()

    assert {A.arn: START + 2 * HOUR} == due


def test_all_that_is_due_is_begun() -> None:
    """Hundreds within a moment, put in any order; each once."""
    polls, names = Polls(), [f"p{number}" for number in range(300)]

    with running(polls, workers=8) as scheduler:
        for number, name in enumerate(reversed(names)):
            scheduler.put(project(name), timedelta(milliseconds=number % 7))
        polls.wait_for(300)

    assert sorted(names) == sorted(polls.names())


def test_what_is_put_is_not_kept_waiting_by_what_is_due_later() -> None:
    """The alarm is set anew for what comes first."""
    polls = Polls()

    with running(polls) as scheduler:
        scheduler.put(A, HOUR)
        scheduler.put(B, timedelta(0))
        polls.wait_for(1)
        due = scheduler.due()

    assert ["b"] == polls.names()
    assert A.arn in due


def test_a_removed_project_is_not_due() -> None:
    """Removing takes the job away; removing what is not there is nothing."""
    with running(Polls(), clock=lambda: START) as scheduler:
        scheduler.put(A, HOUR)
        scheduler.remove(A.arn)
        scheduler.remove(B.arn)
        due = scheduler.due()

    assert {} == due


def test_a_clock_that_is_put_back_takes_the_due_times_with_it() -> None:
    """A shift moves every project's time, so that waits keep their length."""
    with running(Polls(), clock=lambda: START) as scheduler:
        scheduler.put(A, HOUR)
        scheduler.put(B, 2 * HOUR)
        scheduler.shift(-timedelta(days=1))
        due = scheduler.due()

    assert {A.arn: START + HOUR - timedelta(days=1), B.arn: START + 2 * HOUR - timedelta(days=1)} == due


@pytest.mark.parametrize(("chance", "minutes"), [(0.0, 54), (0.5, 60), (1.0, 66)])
def test_the_next_poll_comes_when_the_last_one_says_so(chance: float, minutes: int) -> None:
    """A poll's answer is the wait, varied by the jitter."""
    polls = Polls()
    with running(polls, chance=chance) as scheduler:
        scheduler.put(A, timedelta(0))
        polls.wait_for(1)
        wait = wait_until_due(scheduler, A.arn) - datetime.now(UTC)

    assert minutes == round(wait / timedelta(minutes=1))


def test_a_slow_project_delays_no_other() -> None:
    """While one poll hangs, others are made, again and again."""
    polls = Polls(next_in=timedelta(milliseconds=1))
    polls.holds["a"] = threading.Event()
    with running(polls) as scheduler:
        scheduler.put(A, timedelta(0))
        polls.wait_for(1)
        scheduler.put(B, timedelta(0))
        polls.wait_for(6)
        polls.holds["a"].set()

    assert 1 == polls.names()[:6].count("a")


def test_a_project_is_never_polled_twice_at_a_time() -> None:
    """A poll that takes longer than its cadence is not joined by a second one."""
    polls = Polls(next_in=timedelta(milliseconds=1))
    polls.holds["a"] = threading.Event()
    with running(polls, workers=4) as scheduler:
        scheduler.put(A, timedelta(0))
        polls.wait_for(1)
        scheduler.put(B, timedelta(0))
        polls.wait_for(10)
        held = polls.names().count("a")
        polls.holds["a"].set()

    assert 1 == held


def test_a_project_put_while_it_is_polled_is_polled_on(caplog: pytest.LogCaptureFixture) -> None:
    """The poll that runs sees to the next one; what was put neither joins it nor is skipped by APScheduler."""
    polls = Polls(next_in=timedelta(milliseconds=1))
    polls.holds["a"] = threading.Event()
    with running(polls) as scheduler:
        scheduler.put(A, timedelta(0))
        polls.wait_for(1)
        scheduler.put(A, timedelta(0))
        scheduler.put(B, timedelta(0))
        polls.wait_for(10)
        held = polls.names().count("a")
        polls.holds["a"].set()
        wait_until(lambda: polls.names().count("a") > 1)

    assert (1, []) == (held, caplog.messages)


def test_a_project_put_while_it_is_polled_is_polled_again_at_once() -> None:
    """A reload changed what is asked: the poll that runs knows nothing of it, nor of when to ask again."""
    polls = Polls()
    polls.holds["a"] = threading.Event()
    with running(polls) as scheduler:
        scheduler.put(A, timedelta(0))
        polls.wait_for(1)
        scheduler.put(A, timedelta(0))
        scheduler.put(B, timedelta(0))
        polls.wait_for(2)
        wait_until(lambda: A.arn not in scheduler.due())
        polls.failures.append(StoppingError())  # as of a project that was taken out, and put back
        polls.holds["a"].set()
        polls.wait_for(3)

    assert ["a", "b", "a"] == polls.names()


def test_a_project_put_for_later_while_it_is_polled_is_due_then() -> None:
    """The poll that runs does not put off what a reload has set."""
    polls = Polls(next_in=2 * HOUR)
    polls.holds["a"] = threading.Event()
    with running(polls, workers=1) as scheduler:
        scheduler.put(A, timedelta(0))
        polls.wait_for(1)
        scheduler.put(A, HOUR)
        before = scheduler.due()[A.arn]
        scheduler.put(B, timedelta(0))
        polls.holds["a"].set()
        polls.wait_for(2)  # the only worker has ended A's
        after = scheduler.due()[A.arn]

    assert before == after


def test_no_project_is_lost_that_is_put_as_its_poll_ends(caplog: pytest.LogCaptureFixture) -> None:
    """A reload may put hundreds of projects at once, some of them just then; what APScheduler skips would be lost."""
    many = [project(f"p{number}") for number in range(100)]
    polls = Polls()
    with running(polls, workers=8) as scheduler:
        for _ in range(20):
            for each in many:
                scheduler.put(each, timedelta(0))
        wait_until(lambda: set(polls.names()) == {each.name for each in many} and len(scheduler.due()) == len(many))

    assert [] == caplog.messages


def test_a_late_poll_is_made_once_and_says_how_late() -> None:
    """What was due while all workers were busy runs as soon as one is free, and is not skipped."""
    polls = Polls()
    polls.holds["a"] = threading.Event()
    late = threading.Event()
    with running(polls, workers=1) as scheduler:
        scheduler.put(A, timedelta(0))
        polls.wait_for(1)
        scheduler.put(B, timedelta(seconds=-5))
        scheduler.every("probe", timedelta(milliseconds=1), late.set)
        assert late.wait(DEADLINE)
        polls.holds["a"].set()
        polls.wait_for(2)

    assert ["a", "b"] == polls.names()
    assert 5 <= polls.made[1][1] < DEADLINE


def test_a_poll_that_crashes_is_logged_and_made_again_later() -> None:
    """One bad project neither ends the loop nor spins."""
    polls = Polls()
    polls.failures.append(RuntimeError("nobody foresaw this"))
    began = utc_now()
    with capture_logs() as entries, running(polls) as scheduler:
        scheduler.put(A, timedelta(0))
        polls.wait_for(1)
        due = wait_until_due(scheduler, A.arn)

    assert [("poll.crashed", A.arn)] == [(entry["event"], entry["project"]) for entry in entries]
    assert began + AFTER_CRASH <= due <= utc_now() + AFTER_CRASH


def test_a_poll_that_gave_way_to_the_stop_is_not_made_again() -> None:
    """StoppingError ends a project's polls without a word."""
    polls = Polls()
    polls.failures.append(StoppingError())
    with capture_logs() as entries, running(polls) as scheduler:
        scheduler.put(A, timedelta(0))
        polls.wait_for(1)
        scheduler.stop(DEADLINE)
        due = scheduler.due()

    assert ([], {}) == (entries, due)


def test_a_project_removed_while_it_is_polled_is_not_polled_again() -> None:
    """The poll that runs ends by itself, and puts nothing back."""
    polls = Polls(next_in=timedelta(0))
    polls.holds["a"] = threading.Event()
    with running(polls) as scheduler:
        scheduler.put(A, timedelta(0))
        polls.wait_for(1)
        scheduler.remove(A.arn)
        polls.holds["a"].set()
        scheduler.stop(DEADLINE)

    assert ["a"] == polls.names()


def test_new_settings_count_from_the_next_poll_on() -> None:
    """An updated project is polled as it is now."""
    seen: list[Project] = []
    polled = threading.Event()

    def poll(each: Project, *, lateness: float) -> timedelta:
        seen.append(each)
        polled.set()
        return HOUR + timedelta(seconds=lateness)

    labelled = parse_project(A.arn, labels={"team": "vision"})
    with running(poll) as scheduler:
        scheduler.put(A, HOUR)
        scheduler.update(labelled)
        scheduler.shift(-HOUR)
        assert polled.wait(DEADLINE)

    assert [labelled] == seen


def test_a_stop_waits_for_running_polls_only_so_long() -> None:
    """A stop says whether all polls have ended within its time."""
    polls = Polls()
    polls.holds["a"] = threading.Event()
    with running(polls) as scheduler:
        scheduler.put(A, timedelta(0))
        polls.wait_for(1)
        hasty = scheduler.stop(0.0)
        polls.holds["a"].set()

    assert not hasty


def test_a_stop_comes_to_its_end_whatever_the_polls_are_just_doing() -> None:
    """Eight workers put their projects back all the time, and none of them can stand in its way."""
    many = [project(f"p{number}") for number in range(20)]
    ended = []
    for _ in range(20):
        polls = Polls(next_in=timedelta(0))
        with running(polls, workers=8) as scheduler:
            for each in many:
                scheduler.put(each, timedelta(0))
            polls.wait_for(30)
            ended.append(scheduler.stop(DEADLINE))

    assert [True] * 20 == ended


def test_a_second_stop_is_done_at_once() -> None:
    """Stopping what does not run is harmless."""
    with running(Polls()) as scheduler:
        scheduler.stop(DEADLINE)

        assert scheduler.stop(0.0)


def test_the_loop_shows_that_it_works() -> None:
    """The heartbeat is as fresh as the start."""
    before = time.monotonic()
    with running(Polls()) as scheduler:
        beat = scheduler.beat()

    assert before <= beat <= time.monotonic()
