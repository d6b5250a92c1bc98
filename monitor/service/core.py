"""What the daemon and a single sweep have in common: everything between AWS and the outbox."""

from __future__ import annotations

import random
import threading
import time
from typing import TYPE_CHECKING

import structlog

from monitor.aws.budget import Budgets
from monitor.aws.clients import Clients
from monitor.aws.projects import ProjectSource
from monitor.aws.sessions import TAGS, Sessions
from monitor.aws.source import RekognitionSource
from monitor.discoverer import Discoverer
from monitor.dispatcher import UNEXPECTED, Dispatcher, Terms
from monitor.domain.reachability import Reachability
from monitor.errors import StateInUseError
from monitor.ledger import Ledger
from monitor.metrics.discoveries import Discoveries
from monitor.metrics.exposition import Exposition
from monitor.metrics.instruments import Instruments, make_registry
from monitor.poller import Poller
from monitor.service.bell import Bell
from monitor.service.clock import utc_now
from monitor.service.fleet import Fleet
from monitor.service.pulse import Pulse
from monitor.service.settings import aws_settings, discovery_settings, poll_settings
from monitor.service.sinks import REASONS, enabled_sinks, make_sinks
from monitor.service.upkeep import Upkeep
from monitor.store import StateLock, Store
from monitor.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from monitor.config.model import Config
    from monitor.dispatcher import Sink
    from monitor.domain.project import Project

log = structlog.get_logger(__name__)


class Core:
    """The parts, built from a configuration and joined. Nothing runs before somebody polls or starts the dispatcher."""

    def __init__(
        self,
        config: Config,
        extra_sinks: Mapping[str, Sink],
        *,
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the database and build the rest.

        Args:
            config: The configuration.
            extra_sinks: Sinks besides the configured ones, by name; they get every event.
            clock: The time, UTC, that polls, events and deliveries go by.
            monotonic: Seconds that only grow.

        Raises:
            StateError: The database cannot be used.
        """
        self.config = config
        self.fleet = Fleet(config)
        self.stopping = threading.Event()
        self.extra_sinks = dict(extra_sinks)
        registry = make_registry()
        self.instruments = Instruments(registry, delivery_reasons=(UNEXPECTED, *REASONS))
        self.lock = StateLock(config.state.url)
        self.store = Store.open(config.state.url, clock=clock)
        self.upkeep = Upkeep(self.store)
        self.exposition = Exposition(registry, current_only=config.metrics.current_only)
        self.bell = Bell()
        self.view = View(self.exposition, self.store.watches, self.bell)
        self.budgets = Budgets(config.aws.max_calls_per_second, monotonic=monotonic, stopping=self.stopping)
        self.pulse = Pulse(self.instruments, monotonic)
        self.sessions = Sessions(aws_settings(config), self.budgets, self.pulse)
        self.source = RekognitionSource(self.sessions)
        self.clients = Clients(connect_timeout=config.aws.connect_timeout, read_timeout=config.aws.read_timeout)
        self.dispatcher = Dispatcher(
            self.store, self.instruments, clock=clock, chance=random.random, monotonic=monotonic
        )
        reachability = Reachability(streaks=self.store.streaks())
        self.ledger = Ledger(self.store, self.instruments, reachability=reachability, committed=self.dispatcher.notify)
        self.poller = self._make_poller(clock, monotonic)
        self.discoverer = self._make_discoverer(Discoveries(registry), clock, monotonic)

    @property
    def projects(self) -> Mapping[str, Project]:
        """Those that are watched, by ARN."""
        return self.fleet.projects

    def sink_names(self) -> tuple[str, ...]:
        """Every sink that gets events."""
        return (*(sink.name for sink in enabled_sinks(self.config)), *self.extra_sinks)

    def take_state(self) -> None:
        """Have the database for this process. Raises StateInUseError."""
        if not self.lock.acquire():
            url, holder = self.config.state.url, self.lock.holder()
            raise StateInUseError(f"{url}: process {holder} is using this database; stop it first")

    def restore(self) -> None:
        """Read what is known of the configured projects and show it; settle what belongs to nobody any more."""
        for place, discovery in self.fleet.places.values():
            self.fleet.found(place, self.discoverer.restore(place, discovery))
        self.retain()
        self.store.load(tuple(self.projects))
        for project in self.projects.values():
            self.poller.restore(project)

    def settle(self) -> bool:
        """Make some of what `restore` has left for later; whether more is left. Raises StateDamagedError."""
        return self.store.unfold() or self.exposition.prepare()

    def retain(self) -> None:
        """Settle what belongs to no project, place or sink any more."""
        self.upkeep.retain((*self.projects, *self.fleet.everything), self.sink_names())

    def forget(self, project: Project) -> None:
        """Drop what is held in memory of a project that is watched no longer."""
        self.poller.forget(project)
        self.source.forget(project.arn)
        self.store.forget(project.arn)

    def make_sinks(self, config: Config) -> dict[str, tuple[Sink, Terms]]:
        """The sinks of *config*, not delivered to yet. Raises ConfigError."""
        return make_sinks(config, self.clients)

    def connect_sinks(self, configured: Mapping[str, tuple[Sink, Terms]]) -> None:
        """Deliver to these sinks, the configured ones; one that is what it was goes on undisturbed."""
        extra = {name: (sink, Terms()) for name, sink in self.extra_sinks.items()}
        self.instruments.sinks(self.sink_names())
        self.dispatcher.reconfigure({**configured, **extra})

    def close(self) -> None:
        """Save what is only in memory, and close the database. A disk that is full keeps neither from ending."""
        self.upkeep.save_seen()
        self.store.close()
        self.sessions.close()
        self.lock.release()

    def _make_poller(self, clock: Callable[[], datetime], monotonic: Callable[[], float]) -> Poller:
        return Poller(
            source=self.source,
            state=self.store,
            view=self.view,
            ledger=self.ledger,
            observer=self.instruments,
            settings=poll_settings(self.config, self.extra_sinks),
            clock=clock,
            monotonic=monotonic,
            budget=lambda endpoint: self.budgets.get(endpoint).sustained,
        )

    def _make_discoverer(
        self, observer: Discoveries, clock: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> Discoverer:
        return Discoverer(
            source=ProjectSource(self.sessions),
            state=self.store,
            view=self.view,
            ledger=self.ledger,
            observer=observer,
            settings=discovery_settings(self.config, self.extra_sinks),
            project_at=self.fleet.project_at,
            clock=clock,
            monotonic=monotonic,
            turn=lambda place: self.budgets.get(f"{place.endpoint}#{TAGS}").turn_in(),
        )
