"""What the daemon and a single sweep have in common: everything between AWS and the outbox."""

from __future__ import annotations

import random
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from monitor.aws.budget import Budgets
from monitor.aws.sessions import Sessions
from monitor.aws.source import RekognitionSource
from monitor.dispatcher import Dispatcher
from monitor.domain.reachability import Reachability
from monitor.domain.retry import RetryPolicy
from monitor.metrics.exposition import Exposition
from monitor.metrics.instruments import Instruments
from monitor.poller import Poller
from monitor.service.settings import (
    aws_settings,
    enabled_sinks,
    make_sink,
    poll_settings,
    projects_of,
    retry_policy,
)
from monitor.store import StateLock, Store
from monitor.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.config.model import AnySink, Config
    from monitor.dispatcher import Sink
    from monitor.domain.project import Project

EXTRA_SINK_POLICY: Final = RetryPolicy()


def utc_now() -> datetime:
    """The time by the machine's clock."""
    return datetime.now(UTC)


class Core:
    """The parts, built from a configuration and joined. Nothing runs before somebody polls or starts the dispatcher."""

    def __init__(self, config: Config, extra_sinks: Mapping[str, Sink]) -> None:
        """Open the database and build the rest.

        Args:
            config: The configuration.
            extra_sinks: Sinks besides the configured ones, by name; they get every event.

        Raises:
            StateError: The database cannot be used.
        """
        self.config = config
        self.projects: dict[str, Project] = {each.arn: each for each in projects_of(config)}
        self.stopping = threading.Event()
        self.extra_sinks = dict(extra_sinks)
        self.instruments = Instruments()
        self.lock = StateLock(config.state.url)
        self.store = Store.open(config.state.url, clock=utc_now)
        self.exposition = Exposition(self.instruments.registry)
        self.view = View(self.exposition)
        self.budgets = Budgets(config.aws.max_calls_per_second, monotonic=time.monotonic, stopping=self.stopping)
        sessions = Sessions(aws_settings(config), self.budgets, self.instruments)
        self.dispatcher = Dispatcher(self.store, self.instruments, clock=utc_now, chance=random.random)
        self.poller = Poller(
            source=RekognitionSource(sessions),
            state=self.store,
            view=self.view,
            observer=self.instruments,
            settings=poll_settings(config, self.extra_sinks),
            reachability=Reachability(streaks=self.store.streaks()),
            clock=utc_now,
            monotonic=time.monotonic,
            budget=lambda endpoint: self.budgets.get(endpoint).rate,
            committed=self.dispatcher.notify,
        )
        self._sinks: dict[str, tuple[AnySink, Sink]] = {}

    def sink_names(self) -> tuple[str, ...]:
        """Every sink that gets events."""
        return (*(sink.name for sink in enabled_sinks(self.config)), *self.extra_sinks)

    def restore(self) -> None:
        """Read what is known of the configured projects and show it; settle what belongs to nobody any more."""
        self.store.retain(tuple(self.projects), self.sink_names())
        self.store.load(tuple(self.projects))
        for project in self.projects.values():
            self.poller.restore(project)

    def connect_sinks(self) -> None:
        """Deliver to the configured sinks; one whose settings are what they were goes on undisturbed."""
        configured = {sink.name: sink for sink in enabled_sinks(self.config)}
        self._sinks = {name: self._sink(name, sink) for name, sink in configured.items()}
        routes = {name: (sink, retry_policy(settings)) for name, (settings, sink) in self._sinks.items()}
        extra = {name: (sink, EXTRA_SINK_POLICY) for name, sink in self.extra_sinks.items()}
        self.instruments.sinks(self.sink_names())
        self.dispatcher.reconfigure(routes | extra)

    def close(self) -> None:
        """Save what is only in memory, and close the database."""
        self.store.save_seen()
        self.store.close()
        self.lock.release()

    def _sink(self, name: str, settings: AnySink) -> tuple[AnySink, Sink]:
        known = self._sinks.get(name)
        if known is not None and known[0] == settings:
            return known
        return settings, make_sink(settings)
