"""One poll of every project, for the command `poll`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.service.core import Core
from monitor.service.projects import interleaved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.config.model import Config
    from monitor.dispatcher import Sink, Terms
    from monitor.domain.events import Event
    from monitor.domain.fault import Fault
    from monitor.domain.project import Project
    from monitor.poller import Outcome
    from monitor.view import PlaceState, ProjectState

DELIVERY_DEADLINE: Final = 30.0
"""Seconds that a sweep waits for its events to be delivered; what is left stays in the outbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What the sweep found of one project; *fault* is set when its poll failed."""

    project: Project
    state: ProjectState
    events: tuple[Event, ...]
    fault: Fault | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep came to.

    Attributes:
        projects: One entry for each project, the listed ones first, in the order of the file.
        places: One for each account and region whose projects are discovered.
    """

    projects: tuple[Polled, ...]
    places: tuple[PlaceState, ...] = ()


def sweep(config: Config, *, progress: Callable[[int, int], None]) -> Swept:
    """Discover once where projects are discovered, poll every project once, commit and deliver as the daemon does.

    Deliveries are left to the daemon when one runs on the same database.

    Args:
        config: The configuration.
        progress: Told how many polls are done, of how many.

    Raises:
        StateError: The database cannot be used.
        ConfigError: A sink cannot be made.
    """
    core = Core(config, {})
    delivers = core.lock.acquire()
    try:
        sinks = core.make_sinks(config) if delivers else {}
        if delivers:
            core.restore()
        swept = _sweep(core, progress)
        if delivers:
            _deliver(core, sinks)
        return swept
    finally:
        core.stopping.set()
        core.close()


def _sweep(core: Core, progress: Callable[[int, int], None]) -> Swept:
    pool = ThreadPoolExecutor(core.config.poll.workers, thread_name_prefix="poll")
    try:
        discovered = list(pool.map(lambda there: core.discoverer.discover(*there), core.fleet.places.values()))
        for each in discovered:
            core.fleet.found(each.state.place, each.watched)
        projects = list(core.projects.values())
        futures = {each.arn: pool.submit(core.poller.poll, each) for each in interleaved(projects)}
        for done, _ in enumerate(as_completed(futures.values()), 1):
            progress(done, len(projects))
        return Swept(
            projects=tuple(_polled(project, futures[project.arn].result()) for project in projects),
            places=tuple(each.state for each in discovered),
        )
    finally:
        core.stopping.set()  # interrupted: whoever waits for the budget gives up its place
        pool.shutdown(cancel_futures=True)


def _polled(project: Project, outcome: Outcome) -> Polled:
    return Polled(project=project, state=outcome.state, events=outcome.events, fault=outcome.state.fault)


def _deliver(core: Core, sinks: Mapping[str, tuple[Sink, Terms]]) -> None:
    core.connect_sinks(sinks)
    core.dispatcher.start()
    core.dispatcher.drain(DELIVERY_DEADLINE)
    core.dispatcher.stop(DELIVERY_DEADLINE)
