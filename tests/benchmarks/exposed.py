"""A monitor that is scraped, in a process of its own, so that its CPU and memory are told apart from the scraper's."""

from __future__ import annotations

import gc
import http.client
import multiprocessing
import os
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from monitor.domain.project import parse_project
from monitor.domain.snapshot import Snapshot, Tracked
from monitor.metrics.exposition import Exposition
from monitor.metrics.instruments import Instruments, make_registry
from monitor.view import ProjectState
from monitor.web import WebServer, build_app
from tests.builders import at, project_arn, version, version_arn
from tests.web.serving import make_ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from prometheus_client import Metric

TEXT: Final = "text/plain;version=0.0.4"
VERSIONS: Final = 10
"""Of each project."""

START_DEADLINE: Final = 60.0
_PEER_PROJECTS: Final = 1000
"""The peer writes the samples of so many projects, again and again where there are more: to hold those of 100,000
versions would take it some GiB."""


class Held:
    """A collector of ready families, so that only writing them is measured."""

    def __init__(self, text: str) -> None:
        self._families = list(text_string_to_metric_families(text))

    def collect(self) -> Iterator[Metric]:
        yield from self._families


class Exposed:
    """What the other process is asked for: each public method is a question."""

    def __init__(self, projects: int) -> None:
        self._states = [fleet_state(number) for number in range(projects)]
        before = _resident()
        instruments = Instruments(make_registry())
        self._exposition = Exposition(instruments.registry)
        for state in self._states:
            self._exposition.published(state)
        published = _resident()
        self._exposition.answer(TEXT, gzip=True)
        packed = _resident()
        parts, _ = self._exposition.answer(TEXT, gzip=False)
        versions = projects * VERSIONS
        self.memory = {
            "text": sum(map(len, parts)) / versions,
            "published": (published - before) / versions,
            "packed": (packed - before) / versions,
            "plain": (_resident() - before) / versions,
        }
        self._peer = CollectorRegistry()
        few = Exposition(CollectorRegistry())
        for state in self._states[:_PEER_PROJECTS]:
            few.published(state)
        self._peer.register(Held(few.render(TEXT)[0].decode()))
        self._times = -(-projects // _PEER_PROJECTS)
        self._turns = count(1)

    def cpu(self) -> float:
        """Seconds that this process has worked."""
        return time.process_time()

    def told_memory(self) -> dict[str, float]:
        """Bytes a version: of the text; and held when published, after a gzip scrape, and after a plain one."""
        return self.memory

    def generate(self) -> None:
        """The peer's answer to a scrape."""
        for _ in range(self._times):
            generate_latest(self._peer)

    def answer(self, *, gzip: bool) -> None:
        """Our answer, without sending it."""
        self._exposition.answer(TEXT, gzip=gzip)

    def poll_all(self) -> None:
        """Every project is polled, and nothing is found."""
        turn = next(self._turns)
        for state in self._states:
            self._exposition.published(replace(state, polls=1 + turn, last_success=at(turn)))

    def change_one(self) -> None:
        """One version changes its status."""
        state = self._states[len(self._states) // 2]
        assert state.snapshot is not None
        status = "RUNNING" if next(self._turns) % 2 else "STOPPED"
        versions = dict(state.snapshot.versions)
        arn, tracked = next(iter(versions.items()))
        versions[arn] = replace(tracked, version=version(arn=arn, status=status, f1_score=0.9))
        self._exposition.published(replace(state, snapshot=replace(state.snapshot, versions=versions)))

    def metrics(self, accept: str, *, gzip: bool) -> tuple[list[bytes], str]:
        """For the web side."""
        return self._exposition.answer(accept, gzip=gzip)


def fleet_state(number: int) -> ProjectState:
    """A project of ten versions."""
    project = parse_project(project_arn(f"project-{number}"))
    versions = [version(arn=version_arn(f"v{each}", of=project.arn), f1_score=0.9) for each in range(VERSIONS)]
    tracked = {each.arn: Tracked(version=each, status_since=at(), at_least=False) for each in versions}
    snapshot = Snapshot(project_arn=project.arn, revision=1, seen_at=at(), versions=tracked)
    return ProjectState(
        project=project, snapshot=snapshot, last_success=at(), interval=timedelta(minutes=1), polls=1, transitions={}
    )


class Asked:
    """The other process, from here."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        address = self._received().removeprefix("http://")
        self._connection = http.client.HTTPConnection(address, timeout=START_DEADLINE)

    def ask(self, name: str, **arguments: Any) -> Any:
        """What the method of that name returns there."""
        self._pipe.send((name, arguments))
        return self._received()

    def scrape(self, *, gzip: bool) -> bytes:
        """The body of the answer to a scrape, over HTTP."""
        self._connection.request("GET", "/metrics", headers={"Accept-Encoding": "gzip" if gzip else "identity"})
        answer = self._connection.getresponse()
        body = answer.read()
        assert (200, "gzip" if gzip else None) == (answer.status, answer.getheader("Content-Encoding"))
        return body

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _received(self) -> Any:
        assert self._pipe.poll(START_DEADLINE), "the monitor that is scraped does not answer"
        return self._pipe.recv()


@contextmanager
def exposed(make: Callable[..., Any], *arguments: Any) -> Iterator[Asked]:
    """What *make* makes of the arguments in a process of its own, its `metrics` served there."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(make, arguments, there), daemon=True)
    process.start()
    try:
        with closing(Asked(here)) as asked:
            yield asked
    finally:
        process.kill()
        process.join()
        here.close()
        there.close()


def _serve(make: Callable[..., Any], arguments: tuple[Any, ...], told: Connection) -> None:
    subject = make(*arguments)
    server = WebServer(build_app(make_ports(metrics=subject.metrics)), "127.0.0.1:0")
    server.start()
    told.send(server.url)
    while True:
        name, keywords = told.recv()
        told.send(getattr(subject, name)(**keywords))


def _resident() -> int:
    """Bytes of memory that this process has."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
