"""The daemon: every part built, started, reloaded and stopped in order."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from random import random
from typing import TYPE_CHECKING, Final

import structlog

from monitor import __version__, logs
from monitor.domain.project import everything_at
from monitor.errors import ConfigError, MonitorError
from monitor.scheduler import Scheduler
from monitor.service.accounts import account_settings
from monitor.service.clock import SteadyClock, utc_now
from monitor.service.core import Core
from monitor.service.fixed import refuse_changes
from monitor.service.liveness import Liveness
from monitor.service.projects import start_delays
from monitor.service.settings import aws_settings, discovery_settings, poll_settings
from monitor.service.standing import standing
from monitor.service.supervisor import Supervisor
from monitor.service.turns import Turns
from monitor.service.web_ports import make_server

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from monitor.config.loading import Loaded
    from monitor.config.model import Config
    from monitor.dispatcher import Sink, Terms
    from monitor.domain.account import Discovery, Place
    from monitor.domain.project import Project

log = structlog.get_logger(__name__)

SAVE_SEEN_EVERY: Final = timedelta(minutes=1)
PRUNE_EVERY: Final = timedelta(hours=1)

POLLS_DEADLINE: Final = 10.0
"""Seconds that a stop waits for the polls that run. One that is cut off has committed nothing, or all."""
DELIVERIES_DEADLINE: Final = 5.0
"""Seconds that a stop pushes the outbox on. What is left is delivered after the next start."""
SINKS_DEADLINE: Final = 3.0
"""Seconds that a stop waits for the sinks' workers to settle what was accepted."""
SERVER_DEADLINE: Final = 3.0

NOT_NOW: Final = timedelta(seconds=1)
"""Until it is looked again whether a project is watched, which a reload is just putting in or taking out."""


class Service:
    """One daemon."""

    def __init__(
        self,
        config: Config,
        *,
        load: Callable[[], Loaded] | None = None,
        extra_sinks: Mapping[str, Sink] | None = None,
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        supervisor: Supervisor | None = None,
        listening: socket.socket | None = None,
    ) -> None:
        """Open the database and build everything; nothing runs yet.

        Args:
            config: The configuration.
            load: Reads the configuration anew, for a reload; raises ConfigError. None refuses reloads.
            extra_sinks: Sinks besides the configured ones, by name; they get every event.
            clock: The wall clock, watched for jumps; the scheduler has its own.
            monotonic: Seconds that only grow; health is measured by them.
            supervisor: Told of reloads; None tells nobody.
            listening: Serves on this socket, which listens already; None listens on `web.listen`.

        Raises:
            ConfigError: A sink cannot be made.
            StateError: The database cannot be used, or another daemon has it.
            ListenError: The address to serve on cannot be had.
        """
        self._load = load
        self._reloading = threading.Lock()
        self._monotonic = monotonic
        self._clock = SteadyClock(clock, monotonic)
        self._supervisor = supervisor or Supervisor({})
        self._core = core = Core(config, extra_sinks or {}, clock=self._clock, monotonic=monotonic)
        try:
            self._sinks = core.make_sinks(config)
            core.take_state()
            self._server = make_server(
                core, health=self.health, reload=self.reload, listening=listening, monotonic=monotonic
            )
        except MonitorError:
            core.close()
            raise
        self._scheduler = self._make_scheduler(config)
        self._liveness = self._make_liveness(config)

    @property
    def url(self) -> str:
        """Where the page is, with the real port."""
        return self._server.url

    def start(self) -> None:
        """Show what is known, serve, and begin to poll."""
        core = self._core
        core.restore()
        core.connect_sinks(self._sinks)
        core.instruments.state_size(core.store.size_bytes)
        core.instruments.reloaded(successful=True, at=utc_now())
        core.dispatcher.start()
        self._server.start()
        self._schedule((*map(everything_at, core.fleet.all_places()), *core.projects.values()))
        self._scheduler.every("save-seen", SAVE_SEEN_EVERY, core.upkeep.save_seen)
        self._scheduler.every("prune", PRUNE_EVERY, self._prune)
        self._scheduler.start()
        log.info("monitor.started", url=self.url, projects=len(core.projects), version=__version__)

    def tick(self) -> bool:
        """What has to be looked after every second or so: a clock that was put back must not put off the polls.

        Returns whether to come again at once, for the start has left more. Raises StateDamagedError.
        """
        jump = self._clock.jump()
        if jump:
            log.warning("clock.jumped", seconds=round(jump.total_seconds(), 1))
            self._follow(jump)
        return self._core.settle()

    def _follow(self, jump: timedelta) -> None:
        """Go by the clock as it was set; in the order in which nothing that waits ever looks older than it is."""
        at = self._clock() + jump
        if jump < timedelta(0):
            self._clock.follow()
            self._core.upkeep.shift_deliveries(jump, at)
            self._scheduler.shift(jump)
        else:
            self._core.upkeep.shift_deliveries(jump, at)
            self._clock.follow()

    def reload(self) -> tuple[str, ...]:
        """Read the configuration again and go on by it, or keep the old one.

        Returns:
            Why it was refused, a line for each problem; nothing when it was done.
        """
        with self._reloading, self._supervisor.reloading():
            try:
                loaded = self._read()
                self._apply(loaded.config, self._core.make_sinks(loaded.config))
            except ConfigError as error:
                self._core.instruments.reloaded(successful=False, at=utc_now())
                log.error("config.refused", problems=error.problems)  # noqa: TRY400 - the problems say it all
                return error.problems
            self._core.instruments.reloaded(successful=True, at=utc_now())
            doubt(loaded)
            log.info("config.reloaded", projects=len(self._core.projects))
            return ()

    def stop(self) -> bool:
        """End in order, each step within its deadline. Returns whether nothing was cut off."""
        core = self._core
        core.stopping.set()
        core.bell.ring()  # who waits for news has its answer ended
        polls = self._scheduler.stop(POLLS_DEADLINE)
        outbox = core.dispatcher.drain(DELIVERIES_DEADLINE)
        core.dispatcher.stop(SINKS_DEADLINE)
        self._server.stop(SERVER_DEADLINE)
        core.close()
        log.info("monitor.stopped", polls_ended=polls, outbox_settled=outbox)
        return polls and outbox

    def health(self) -> dict[str, str | None]:
        """Each loop by name: None when it made progress lately, else what is wrong."""
        return self._liveness.health()

    def stuck(self) -> dict[str, str]:
        """The loops that hang in themselves, whatever AWS and the sinks do; and what is seen of it."""
        return self._liveness.stuck()

    def status(self) -> str:
        """How it is, in a line."""
        return standing(self._core.view)

    def _poll(self, project: Project, *, lateness: float) -> timedelta:
        with self._core.pulse.poll():
            core = self._core
            found = core.fleet.everything.get(project.arn)
            if found is not None:
                return self._discover(*found)
            watched = core.projects.get(project.arn)  # as it is now: a reload may be under way
            if watched is None:
                return NOT_NOW
            try:
                return core.poller.poll(watched, lateness=lateness).next_in
            finally:
                if project.arn not in core.projects:
                    self._leave_behind(project)

    def _leave_behind(self, project: Project) -> None:
        """Drop what a poll has put back that was under way, or about to begin, as a reload took its project out."""
        with self._reloading:
            if project.arn not in self._core.projects:
                self._core.forget(project)

    def _discover(self, place: Place, discovery: Discovery) -> timedelta:
        """Ask for the projects of *place*, and watch those that are there now."""
        core = self._core
        discovered = core.discoverer.discover(place, discovery, patient=False)
        if not discovered.finished:
            return discovered.next_in
        with self._reloading:
            if place.key not in core.fleet.places:
                core.discoverer.forget(place)
            elif discovered.state.fault is None and core.fleet.places[place.key] == (place, discovery):
                before = core.projects
                core.fleet.found(place, discovered.watched)
                self._leave(before)
                self._update(before, other_pace=False)
        return discovered.next_in

    def _make_scheduler(self, config: Config) -> Scheduler:
        core = self._core
        return Scheduler(
            self._poll,
            Turns(core.budgets, core.fleet, core.view, core.discoverer.unfinished),
            workers=config.poll.workers,
            jitter=config.poll.jitter,
            clock=utc_now,
            monotonic=self._monotonic,
            chance=random,
        )

    def _make_liveness(self, config: Config) -> Liveness:
        core = self._core
        return Liveness(
            settings=aws_settings(config),
            scheduler=self._scheduler,
            poller=core.poller,
            pulse=core.pulse,
            dispatcher=core.dispatcher,
            server=self._server,
            monotonic=self._monotonic,
        )

    def _schedule(self, projects: Iterable[Project]) -> None:
        projects = list(projects)
        delays = start_delays(projects, self._core.config.aws.max_calls_per_second)
        for project in projects:
            self._scheduler.put(project, delays[project.arn])

    def _prune(self) -> None:
        self._core.upkeep.prune(utc_now() - self._core.config.state.keep_events)

    def _read(self) -> Loaded:
        if self._load is None:
            raise ConfigError("this process was not started from a configuration file, so there is nothing to reload")
        new = self._load()
        refuse_changes(self._core.config, new.config)
        return new

    def _apply(self, new: Config, sinks: Mapping[str, tuple[Sink, Terms]]) -> None:
        core = self._core
        old, old_projects = core.config, core.projects
        core.config = new
        old_places = core.fleet.places
        core.fleet.configure(new)
        core.sessions.configure(account_settings(new))
        logs.configure(new.log.level, new.log.format)
        core.exposition.configure(current_only=new.metrics.current_only)
        self._server.configure(new.web)
        self._scheduler.configure(jitter=new.poll.jitter)
        core.poller.configure(poll_settings(new, core.extra_sinks))
        core.connect_sinks(sinks)
        core.upkeep.save_seen()
        core.discoverer.configure(discovery_settings(new, core.extra_sinks))
        self._rediscover(old_places)
        self._leave(old_projects)
        core.retain()
        watched = (*core.projects.values(), *map(everything_at, core.fleet.all_places()))
        core.ledger.keep_streaks(watched, core.store.streaks())
        self._update(old_projects, other_pace=old.poll != new.poll)

    def _rediscover(self, old: Mapping[str, tuple[Place, Discovery]]) -> None:
        """Ask at once where something else is asked for now, and no longer where nothing is."""
        core = self._core
        for key, (place, discovery) in old.items():
            if core.fleet.places.get(key) != (place, discovery):
                self._scheduler.remove(everything_at(place).arn)
                core.discoverer.forget(place)
        for key, (place, discovery) in core.fleet.places.items():
            if old.get(key) != (place, discovery):
                core.fleet.found(place, core.discoverer.restore(place, discovery))
                self._scheduler.put(everything_at(place), timedelta(0))

    def _leave(self, old: Mapping[str, Project]) -> None:
        """Ask no longer for those of the *old* projects that are not watched any more."""
        for arn in old.keys() - self._core.projects.keys():
            self._scheduler.remove(arn)
            self._core.forget(old[arn])

    def _update(self, old: Mapping[str, Project], *, other_pace: bool) -> None:
        """Begin with the projects that are new, and go on otherwise with those that were changed."""
        changed = [project for arn, project in self._core.projects.items() if old.get(arn) != project]
        for project in changed:
            self._core.poller.restore(project)
            self._scheduler.update(project)
        self._schedule(self._core.projects.values() if other_pace else changed)


def doubt(loaded: Loaded) -> None:
    """Log what looks like a mistake in a configuration that was accepted."""
    for warning in loaded.warnings:
        log.warning("config.doubted", problem=warning)
