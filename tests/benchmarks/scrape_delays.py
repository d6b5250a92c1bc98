"""What ten scrapes a second cost the polls of the same process: how much later one in a hundred ends."""

from __future__ import annotations

import gc
import logging
import math
import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count, cycle
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor import logs
from monitor.domain.reachability import Reachability
from monitor.domain.snapshot import Listing
from monitor.domain.status import parse_status
from monitor.ledger import Ledger
from monitor.metrics.exposition import Exposition
from monitor.metrics.instruments import Instruments
from monitor.poller import Poller, PollSettings
from monitor.service.clock import utc_now
from monitor.service.daemon import TURN
from monitor.store import Store
from monitor.view import View
from tests.benchmarks.exposed import VERSIONS, exposed, fleet_state
from tests.benchmarks.figures import Figure

if TYPE_CHECKING:
    from monitor.domain.project import Project
    from tests.benchmarks.exposed import Asked

SCRAPES_A_SECOND: Final = 10
ALLOWED: Final = 100.0
"""Milliseconds at the 99th percentile."""

_WORKERS: Final = 8
_POLLS_A_SECOND: Final = 10
"""Of each worker. 80 in all are those of 4,800 projects asked once a minute."""


class Alternating:
    """A source that answers at once, with one version's status changed each time: the poll that costs most."""

    def __init__(self, projects: int) -> None:
        self._versions = {
            state.project.arn: [each.version for each in state.snapshot.versions.values()]
            for state in map(fleet_state, range(projects))
            if state.snapshot
        }
        self._turns = count()

    def list_versions(self, project: Project) -> Listing:
        first, *others = self._versions[project.arn]
        status = parse_status("RUNNING" if next(self._turns) % 2 else "STOPPED")
        return Listing(versions=(replace(first, status=status), *others), malformed=(), request_ids=())


class Polled:
    """A monitor with real threads that poll, a real database, and what they publish served to scrapers."""

    def __init__(self, projects: int, directory: str) -> None:
        logging.getLogger().handlers.clear()
        logs.configure("info", "json", Path(os.devnull).open("w"))  # noqa: SIM115 - until the process ends
        instruments = Instruments()
        exposition = Exposition(instruments.registry)
        self.metrics = exposition.answer
        self._projects = [fleet_state(number).project for number in range(projects)]
        store = Store.open(f"sqlite:///{directory}/state.db", clock=utc_now)
        self._poller = Poller(
            source=Alternating(projects),
            state=store,
            view=View(exposition),
            ledger=Ledger(store, instruments, reachability=Reachability(), committed=lambda: None),
            observer=instruments,
            settings=PollSettings(),
            clock=utc_now,
            monotonic=time.monotonic,
            budget=lambda _endpoint: 1e6,
        )
        for project in self._projects:
            self._poller.poll(project)
        gc.freeze()  # as the daemon does when it has started
        sys.setswitchinterval(TURN)

    def poll(self, *, seconds: float) -> list[float]:
        """How long after its time each poll had ended, in milliseconds, of all that began within so many seconds."""
        began = time.monotonic() + 0.1
        with ThreadPoolExecutor(_WORKERS) as workers:
            ended = [workers.submit(self._work, each, began, seconds) for each in range(_WORKERS)]
        return [each for mine in ended for each in mine.result()]

    def _work(self, number: int, began: float, seconds: float) -> list[float]:
        """A worker with projects of its own."""
        ended = []
        projects = cycle(self._projects[number::_WORKERS])
        for turn in range(math.ceil(seconds * _POLLS_A_SECOND)):
            due = began + (turn + number / _WORKERS) / _POLLS_A_SECOND
            time.sleep(max(0.0, due - time.monotonic()))
            self._poller.poll(next(projects))
            ended.append(1000 * (time.monotonic() - due))
        return ended


def measure(*, projects: int, seconds: float, rounds: int) -> list[Figure]:
    """With gzip and with plain scrapes, each in turn with nobody scraping; 8 projects at least."""
    with tempfile.TemporaryDirectory() as directory, exposed(Polled, projects, directory) as asked:
        name = f"{SCRAPES_A_SECOND} {{}} scrapes a second of {projects * VERSIONS:,} versions"
        return [_measure_one(name, asked, seconds, rounds, gzip=gzip) for gzip in (True, False)]


def _measure_one(name: str, asked: Asked, seconds: float, rounds: int, *, gzip: bool) -> Figure:
    alone: list[float] = []
    scraped: list[float] = []
    for _ in range(rounds):
        alone += asked.ask("poll", seconds=seconds)
        scraped += _polled_and_scraped(asked, seconds, gzip=gzip)
    ours, peer = _late(scraped), _late(alone) + ALLOWED
    return Figure(
        what=f"polls beside {name.format('gzip' if gzip else 'plain')}, p99, against {ALLOWED:g} ms more than alone",
        ours=ours,
        peer=peer,
        unit="ms",
        ratio=ours / peer,
        goal=1.0,
    )


def _polled_and_scraped(asked: Asked, seconds: float, *, gzip: bool) -> list[float]:
    """Scrapes that come late are made up for, as far as one connection can."""
    with ThreadPoolExecutor(1) as threads:
        polling = threads.submit(asked.ask, "poll", seconds=seconds)
        due = time.monotonic()
        while not polling.done():
            asked.scrape(gzip=gzip)
            due += 1 / SCRAPES_A_SECOND
            time.sleep(max(0.0, due - time.monotonic()))
    polls: list[float] = polling.result()
    return polls


def _late(ended: list[float]) -> float:
    return statistics.quantiles(ended, n=100, method="inclusive")[-1]
