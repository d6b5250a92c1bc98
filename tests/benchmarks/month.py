"""What a month of a fleet costs in calls, and how late changes are seen: the cadence against fixed intervals.

Virtual time, no input or output: the real `monitor.domain.cadence` decides when each project is asked again, and
`fleet` what there is to see. Two kinds of delay are told apart. *Ends* are the moves out of a transient status: what
people wait for. *All* has also what people begin by themselves, which nothing announces.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from monitor.domain.cadence import Cadence, jittered, under_way, wanted_interval
from tests.benchmarks.figures import Figure
from tests.benchmarks.fleet import DAY, HOUR, fleet
from tests.builders import project, snapshot, tracked, version, version_arn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.domain.status import Status
    from tests.benchmarks.fleet import Change

GOAL: Final = 0.2
SEED: Final = 20261121
_PROJECT: Final = project()
_PERCENTILES: Final = (50, 95, 99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What came of watching: the calls to AWS, and the delays in seconds, of all changes and of the ends."""

    calls: int
    all: tuple[float, ...]
    ends: tuple[float, ...]


def measure(*, projects: int = 20, days: int = 30) -> list[Figure]:
    """The defaults against a fixed interval that sees as quickly, and one that calls as often."""
    lives = fleet(Random(SEED), projects, days)
    adaptive = watch(lives, days, Cadence())
    often = fixed(lives, days, projects * days * DAY / adaptive.calls)
    name, hours = f"a month of {projects} projects", days * DAY / HOUR
    figures = []
    for kind in ("ends", "all"):
        late = percentile(getattr(adaptive, kind), 95)
        peer = as_quick(lives, days, kind, late)
        what = f"{name}: calls an hour, against a fixed interval with the same p95 of {kind} ({late:.0f} s)"
        figures.append(_figure(what, adaptive.calls / hours, peer.calls / hours, "", GOAL))
    for kind in ("ends", "all"):
        for share in _PERCENTILES:
            ours, theirs = (percentile(getattr(each, kind), share) for each in (adaptive, often))
            what = f"{name}: delay of {kind}, p{share}, against a fixed interval with as many calls"
            figures.append(_figure(what, ours, theirs, "s", None))
    return figures


def fixed(lives: Sequence[Sequence[Change]], days: int, seconds: float) -> Watched:
    """The same with one interval for every status."""
    interval = timedelta(seconds=seconds)
    return watch(lives, days, Cadence(interval=interval, transition_interval=interval))


def as_quick(lives: Sequence[Sequence[Change]], days: int, kind: str, late: float) -> Watched:
    """By the fixed interval whose 95th percentile is *late*; the two grow together, so it is soon met."""
    seconds = late / 0.95
    for _ in range(2):
        seconds *= late / percentile(getattr(fixed(lives, days, seconds), kind), 95)
    return fixed(lives, days, seconds)


def watch(lives: Sequence[Sequence[Change]], days: int, cadence: Cadence) -> Watched:
    """Ask every project as *cadence* says, from a random moment on."""
    chance = Random(SEED + 1)
    calls, all_, ends = 0, [], []
    for changes in lives:
        asked, seen = _watch_one(changes, days * DAY, cadence, chance)
        calls += asked
        all_ += [delay for delay, _ in seen]
        ends += [delay for delay, ended in seen if ended]
    return Watched(calls=calls, all=tuple(all_), ends=tuple(ends))


def percentile(delays: Sequence[float], share: int) -> float:
    """The delay that *share* per cent do not exceed."""
    return statistics.quantiles(delays, n=100, method="inclusive")[share - 1]


def _watch_one(
    changes: Sequence[Change], end: float, cadence: Cadence, chance: Random
) -> tuple[int, list[tuple[float, bool]]]:
    """The calls, and of each change its delay and whether it was the end of something."""
    statuses: dict[int, Status | None] = {}
    seen: list[tuple[float, bool]] = []
    wanted = cadence.interval
    now, calls, place = chance.random() * wanted.total_seconds(), 0, 0
    while now < end:
        calls += 1
        if place < len(changes) and changes[place].at <= now:
            while place < len(changes) and changes[place].at <= now:
                change = changes[place]
                before = statuses.get(change.version)
                seen.append((now - change.at, before is not None and before.transient))
                statuses[change.version] = change.status
                place += 1
            wanted = _wanted(cadence, statuses.items())
        now += jittered(wanted, cadence.jitter, chance.random()).total_seconds()
    return calls, seen


def _wanted(cadence: Cadence, statuses: Iterable[tuple[int, Status | None]]) -> timedelta:
    held = [tracked(version(arn=version_arn(f"v{number}"), status=each)) for number, each in statuses if each]
    return wanted_interval(cadence, _PROJECT, hurry=under_way(_PROJECT, snapshot(*held)))


def _figure(what: str, ours: float, peer: float, unit: str, goal: float | None) -> Figure:
    return Figure(what=what, ours=ours, peer=peer, unit=unit, ratio=ours / peer, goal=goal)


if __name__ == "__main__":
    from tests.benchmarks.figures import as_table

    print(as_table(measure()))  # noqa: T201
