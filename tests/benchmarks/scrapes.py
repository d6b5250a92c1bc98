"""A scrape of many versions, against prometheus_client's `generate_latest` of the same samples.

Both are measured in the process that is scraped: its CPU, and how long they took. Over HTTP, on one connection that is
kept, as Prometheus keeps its own; the scraper reads the whole answer and throws it away.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from tests.benchmarks.exposed import VERSIONS, Exposed, exposed
from tests.benchmarks.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.benchmarks.exposed import Asked

GOAL: Final = 0.01
GOAL_PROJECTS: Final = 1000
_WITH_GOAL: Final = ("text", "gzip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Milliseconds."""

    cpu: float
    wall: float


def measure(*, projects: Sequence[int], rounds: int, calls: int = 5) -> list[Figure]:
    """With each number of projects of ten versions."""
    return [figure for number in projects for figure in _measure_one(number, rounds=rounds, calls=calls)]


def _measure_one(projects: int, *, rounds: int, calls: int) -> Iterator[Figure]:
    with exposed(Exposed, projects) as asked:
        name = f"scrape, {projects * VERSIONS:,} versions"
        yield from _of_scrapes(name, _in_turn(asked, rounds, calls), goal=GOAL if projects == GOAL_PROJECTS else None)
        yield from _of_memory(name, asked.ask("told_memory"))


def _in_turn(asked: Asked, rounds: int, calls: int) -> Mapping[str, list[Spent]]:
    """What each way of answering took, a call, one after the other in each of the rounds."""
    spent: defaultdict[str, list[Spent]] = defaultdict(list)
    for _ in range(rounds + 1):
        for what, prepare, work in _ways(asked):
            repeated = 1 if what == "peer" else calls
            spent[what].append(_mean([_spent(asked, prepare, work) for _ in range(repeated)]))
    return {what: each[1:] for what, each in spent.items()}


def _ways(asked: Asked) -> Iterator[tuple[str, Callable[[], object], Callable[[], object]]]:
    nothing, text, gzip = (lambda: None), partial(asked.scrape, gzip=False), partial(asked.scrape, gzip=True)
    yield "peer", nothing, partial(asked.ask, "generate")
    yield "text", text, text
    yield "gzip", gzip, gzip
    yield "gzip, every project polled since the last", partial(asked.ask, "poll_all"), gzip
    yield "gzip, and the publishing of a changed version", nothing, lambda: (asked.ask("change_one"), gzip())


def _spent(asked: Asked, prepare: Callable[[], object], work: Callable[[], object]) -> Spent:
    prepare()
    cpu, wall = asked.ask("cpu"), time.perf_counter()
    work()
    return Spent(wall=1000 * (time.perf_counter() - wall), cpu=1000 * (asked.ask("cpu") - cpu))


def _mean(spent: list[Spent]) -> Spent:
    return Spent(
        cpu=statistics.fmean(each.cpu for each in spent),
        wall=statistics.fmean(each.wall for each in spent),
    )


def _of_scrapes(name: str, spent: Mapping[str, list[Spent]], goal: float | None) -> Iterator[Figure]:
    cpu = {what: [each.cpu for each in all_] for what, all_ in spent.items()}
    wall = {what: [each.wall for each in all_] for what, all_ in spent.items()}
    for what in [what for what in spent if what != "peer"]:
        yield _figure(f"{name}, {what}: CPU", cpu[what], cpu["peer"], goal if what in _WITH_GOAL else None)
        yield _figure(f"{name}, {what}: wall", wall[what], wall["peer"], None)
    yield _figure(f"{name}, gzip against text: CPU", cpu["gzip"], cpu["text"], goal and 1.0)


def _figure(what: str, ours: list[float], peer: list[float], goal: float | None) -> Figure:
    return Figure(
        what=what,
        ours=statistics.median(ours),
        peer=statistics.median(peer),
        unit="ms",
        ratio=statistics.median(mine / theirs for mine, theirs in zip(ours, peer, strict=True)),
        goal=goal,
    )


def _of_memory(name: str, memory: Mapping[str, float]) -> Iterator[Figure]:
    text = memory["text"]
    for when, what in (
        ("published", "before the first scrape"),
        ("packed", "after a gzip scrape"),
        ("plain", "after a plain scrape"),
    ):
        ours = max(memory[when], 1.0)
        yield Figure(
            what=f"{name}, memory a version {what}, against its text",
            ours=ours,
            peer=text,
            unit="B",
            ratio=ours / text,
        )
