"""How fast an outbox is drained to a webhook after an outage: everything on one core, the receiver included.

With C calls at once and a far end that answers after L seconds, no more than C / L events a second can be delivered;
what the monitor adds to that is the ratio of the second figure.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor.dispatcher import Dispatcher, Terms
from monitor.domain.commit import Addressed, Commit
from monitor.metrics.instruments import Instruments
from monitor.sinks.webhook import WebhookSink
from monitor.store import Store
from tests.benchmarks.figures import Figure
from tests.builders import T0, project
from tests.fakes_outbox import an_event

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[2]
DEADLINE: Final = 600.0
GOAL: Final = 500.0
"""Events a second."""
MEMORY_GOAL: Final = 16.0
"""MiB that draining may take besides, however much waits."""
_TEXT: Final = "The model is running. " * 40
"""Makes an event as large as one of AWS's with every field."""


@dataclass(frozen=True, kw_only=True)
class Drained:
    """What one drain took.

    Attributes:
        seconds: By the wall.
        memory: MiB that the process grew by at most.
    """

    seconds: float
    memory: float


def measure(*, events: int = 20_000, versions: int = 1_000, slow_events: int = 2_000) -> list[Figure]:
    """The rate at full speed, that with a slow far end against C / L, and the memory."""
    calls, latency = 16, 0.2
    fast = drain(events, versions, calls=4, latency=0)
    slow = drain(slow_events, min(versions, slow_events), calls=calls, latency=latency)
    bound = latency / calls
    return [
        _figure(f"{events} events to a webhook, each", fast.seconds / events * 1000, 1000 / GOAL, "ms", 1.0),
        _figure(
            f"the same at {latency * 1000:.0f} ms an answer, {calls} calls at once",
            slow.seconds / slow_events * 1000,
            bound * 1000,
            "ms",
            1.25,
        ),
        _figure("memory while it is drained", fast.memory, MEMORY_GOAL, "MiB", 1.0),
    ]


def drain(events: int, versions: int, *, calls: int, latency: float) -> Drained:
    """Deliver so many waiting events. Raises AssertionError when one is missing, came twice or out of order."""
    with tempfile.TemporaryDirectory(prefix="delivery-") as directory, _one_core(), _receiver(latency) as url:
        store = Store.open(f"sqlite:///{directory}/state.db", clock=lambda: datetime.now(UTC))
        _fill(store, events, versions)
        sink = WebhookSink(url=url, proxy=None, clock=lambda: datetime.now(UTC))
        dispatcher = Dispatcher(store, Instruments(), clock=lambda: datetime.now(UTC), chance=random.random)
        dispatcher.reconfigure({"hook": (sink, Terms(concurrency=calls))})
        with _memory() as grown:
            began = time.monotonic()
            dispatcher.start()
            assert dispatcher.drain(DEADLINE)
            seconds = time.monotonic() - began
        dispatcher.stop(10)
        store.close()
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert {"arrived": events, "out_of_order": 0} == json.load(answer)
    return Drained(seconds=seconds, memory=max(grown, default=0.0))


def _figure(what: str, ours: float, peer: float, unit: str, goal: float) -> Figure:
    return Figure(what=what, ours=ours, peer=peer, unit=unit, ratio=ours / peer, goal=goal)


def _fill(store: Store, events: int, versions: int) -> None:
    """Each version's events, as many for each, a round of all versions after the other."""
    assert events % versions == 0
    for sequence in range(1, events // versions + 1):
        made = [an_event(f"v{number}", sequence, status_message=_TEXT) for number in range(versions)]
        told = tuple(Addressed(event=event, sinks=("hook",)) for event in made)
        store.commit(Commit(project=project(), at=T0, events=told))


@contextmanager
def _one_core() -> Iterator[None]:
    """This process and those that it starts share one core meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def _receiver(latency: float) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.benchmarks.receiver", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/events"
        finally:
            process.kill()


@contextmanager
def _memory() -> Iterator[list[float]]:
    """How much the process has grown, in MiB, looked at ten times a second."""
    grown: list[float] = []
    begin, stopping = _resident(), threading.Event()

    def look() -> None:
        while not stopping.wait(0.1):
            grown.append(_resident() - begin)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield grown
    finally:
        stopping.set()
        looker.join()


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    from tests.benchmarks.figures import as_table

    print(as_table(measure()))  # noqa: T201
