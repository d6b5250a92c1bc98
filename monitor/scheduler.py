"""When each project is polled, on APScheduler; this file is all that knows it.

APScheduler wakes for one job, the alarm of whatever is due first: one job a project cost a third of what the polls of
10,000 projects may cost. A project runs once and is put back with its next time when the poll has ended, so it is never
polled twice at a time and its cadence may change with each poll. What is late (all workers busy, a suspended machine)
runs once, as soon as it can.

A poll begins when the budget of its account and region can pay it: until then it stands in a line and holds no worker,
so that accounts which are near their budget keep no other one waiting.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor as PoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor.domain.agenda import Agenda
from monitor.domain.cadence import jittered
from monitor.errors import StoppingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.domain.project import Project

log = structlog.get_logger(__name__)

AFTER_CRASH: Final = timedelta(minutes=1)
"""A poll that raised what nobody foresaw is tried again after this long: one bad project cannot spin."""

TOGETHER: Final = timedelta(milliseconds=50)
"""What falls due within this long of one alarm is begun by the next one: a run of a job takes APScheduler 0.5 ms."""

UNLIMITED: Final = 1_000_000
"""Of APScheduler's `max_instances`. It counts a run until some time after its end, and drops for good what is due until
then: after an alarm set at that moment nothing would ever be polled again."""

_UPKEEP: Final = "upkeep"
_ALARM: Final = "alarm"


class Poll(Protocol):
    """What is scheduled."""

    def __call__(self, project: Project, /, *, lateness: float) -> timedelta:
        """Poll *project*, begun *lateness* seconds after it was due; returns how long until the next."""


class Scheduler:
    """Starts polls when they are due, on a pool of worker threads."""

    def __init__(
        self,
        poll: Poll,
        turn: Callable[[str], float],
        *,
        workers: int,
        jitter: float,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        """Build one that stands still.

        Args:
            poll: What to run.
            turn: Asked by ARN before each poll is begun, as `Agenda` has it; of use to no other thread meanwhile.
            workers: How many polls may run at once.
            jitter: The share by which waits are varied.
            clock: The time, UTC; the one that due times are told by.
            monotonic: Seconds that only grow.
            chance: Draws a number from 0 to 1.
        """
        self._poll = poll
        self._jitter = jitter
        self._clock = clock
        self._monotonic = monotonic
        self._chance = chance
        self._projects: dict[str, Project] = {}
        self._polled: set[str] = set()
        self._again: set[str] = set()  # of the polled, those that came to be due meanwhile
        self._agenda = Agenda(turn)
        self._alarm: datetime | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._beat = monotonic()
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="poll")
        self._executors = {_ALARM: PoolExecutor(1), _UPKEEP: PoolExecutor(1)}
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = BackgroundScheduler(timezone=UTC, executors=self._executors, job_defaults=defaults)

    def start(self) -> None:
        """Begin."""
        trigger = IntervalTrigger(seconds=5, timezone=UTC)
        self._scheduler.add_job(self._heartbeat, trigger, id="heartbeat", executor=_ALARM)  # waits where alarms would
        self._scheduler.start()

    def configure(self, *, jitter: float) -> None:
        """Vary waits by another share from now on."""
        self._jitter = jitter

    def every(self, name: str, interval: timedelta, work: Callable[[], None]) -> None:
        """Run *work* every *interval*, beside the polls."""
        trigger = IntervalTrigger(seconds=interval.total_seconds(), timezone=UTC)
        self._scheduler.add_job(work, trigger, id=f"{_UPKEEP}:{name}", executor=_UPKEEP)

    def put(self, project: Project, delay: timedelta) -> None:
        """Poll *project* after *delay* and then as its polls say; a project already there gets the new time."""
        with self._lock:
            self._projects[project.arn] = project
        self._schedule(project.arn, delay)

    def update(self, project: Project) -> None:
        """Use *project*'s new settings from its next poll on."""
        with self._lock:
            self._projects[project.arn] = project

    def remove(self, project_arn: str) -> None:
        """Poll the project no longer; a poll that runs ends by itself."""
        with self._lock:
            self._projects.pop(project_arn, None)
            self._agenda.remove(project_arn)

    def shift(self, by: timedelta) -> None:
        """Move every due time by *by*: the clock was set, and waits are lengths, not times of day."""
        with self._lock:
            self._agenda.shift(by)
            self._alarm = None
            for job in self._scheduler.get_jobs():
                if job.id != _ALARM and job.next_run_time is not None:
                    job.modify(next_run_time=job.next_run_time + by)
            if (following := self._agenda.next_at()) is not None:
                self._wake(following)

    def due(self) -> dict[str, datetime]:
        """When each project is polled next; a project whose poll runs now is missing."""
        with self._lock:
            return self._agenda.due()

    def beat(self) -> float:
        """The monotonic time at which the scheduler's loop was last seen to work."""
        return self._beat

    def stop(self, timeout: float) -> bool:
        """Begin no more polls; wait for those that run, *timeout* seconds at most. Returns whether all have ended.

        The waiting is ours: APScheduler's would hold the lock that a poll needs which is just putting its project back,
        for ever. It is left without jobs first, for it fails over those that are due while it shuts down.
        """
        self._stopping.set()
        if not self._scheduler.running:
            return True
        self._scheduler.pause()
        self._scheduler.remove_all_jobs()
        self._scheduler.shutdown(wait=False)
        ending = threading.Thread(target=self._end_workers, name="scheduler-stop", daemon=True)
        ending.start()
        ending.join(timeout)
        return not ending.is_alive()

    def _end_workers(self) -> None:
        for executor in self._executors.values():
            executor.shutdown(wait=True)
        self._workers.shutdown(wait=True)

    def _schedule(self, arn: str, delay: timedelta, cadence: timedelta | None = None) -> None:
        due = self._clock() + delay
        with self._lock:
            if arn in self._projects and not self._stopping.is_set():
                self._agenda.put(arn, due, cadence=cadence)
                self._wake(due)

    def _wake(self, at: datetime) -> None:
        """Set the alarm, if it is not set for as soon; under the lock."""
        if self._alarm is None or at < self._alarm:
            self._alarm = at
            self._scheduler.add_job(
                self._begin_due,
                DateTrigger(at, timezone=UTC),
                id=_ALARM,
                executor=_ALARM,
                max_instances=UNLIMITED,
                replace_existing=True,
            )

    def _begin_due(self) -> None:
        """The alarm: give what is due and can be paid to the workers, and set the next one."""
        with self._lock:
            self._alarm = None
            if self._stopping.is_set():
                return
            now = self._clock()
            for arn, due in self._agenda.take(now):
                self._workers.submit(self._run, arn, due)
            if (following := self._agenda.next_at()) is not None:
                self._wake(max(following, now + TOGETHER))

    def _run(self, arn: str, due: datetime) -> None:
        """One poll, and the next one's time; runs in a worker. While it runs already, its end sees to the next."""
        project = self._begin(arn)
        if project is None:
            return
        wait = self._poll_safely(project, due)
        with self._lock:
            self._polled.discard(arn)
            put = arn in self._agenda  # by a reload, which may have changed what this poll went by
            if arn in self._again:
                self._again.discard(arn)
                wait = timedelta(0)
        if wait is not None and arn in self._projects and not put:
            self._schedule(arn, jittered(wait, self._jitter, self._chance()), cadence=wait)

    def _begin(self, arn: str) -> Project | None:
        """The project to poll now; None while it is polled, when it is watched no longer, and during a stop."""
        with self._lock:
            if self._stopping.is_set():
                return None
            if arn in self._polled:
                self._again.add(arn)
                return None
            project = self._projects.get(arn)
            if project is not None:
                self._polled.add(arn)
            return project

    def _poll_safely(self, project: Project, due: datetime) -> timedelta | None:
        """How long until the next poll; None when the monitor is stopping."""
        lateness = max(0.0, (self._clock() - due).total_seconds())
        try:
            return self._poll(project, lateness=lateness)
        except StoppingError:
            return None
        except Exception:
            log.exception("poll.crashed", project=project.arn, next_in=AFTER_CRASH.total_seconds())
            return AFTER_CRASH

    def _heartbeat(self) -> None:
        self._beat = self._monotonic()
