"""When a project is asked again.

Nothing here waits: an interval comes out, and whoever called schedules. The interval is what the gauge
`rekognition_project_poll_interval_seconds` shows; `jittered` is applied to it at the very end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from monitor.domain.demand import Load
    from monitor.domain.project import Project
    from monitor.domain.snapshot import Snapshot

BACKOFF_CAP: Final = timedelta(minutes=15)
BACKOFF_INTERVALS: Final = 10
YIELDING: Final = 4
"""By how much the intervals of projects where nothing is under way may grow before those of the others do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """The settings of `poll` that decide when.

    Attributes:
        interval: Between polls of a project where nothing is under way.
        transition_interval: While a version is in a transient status.
        jitter: The share by which each wait is made shorter or longer at random, 0 to 1.
    """

    interval: timedelta = timedelta(minutes=5)
    transition_interval: timedelta = timedelta(seconds=30)
    jitter: float = 0.1


def under_way(project: Project, snapshot: Snapshot | None) -> bool:
    """Whether a version that *project* is told about is in a status that ends by itself."""
    return snapshot is not None and any(tracked.version.status.transient for tracked in snapshot.watched(project))


def wanted_interval(cadence: Cadence, project: Project, *, hurry: bool) -> timedelta:
    """How long until the next poll, without regard to the budget; in a hurry never longer than otherwise."""
    interval = project.interval or cadence.interval
    return min(project.transition_interval or cadence.transition_interval, interval) if hurry else interval


def backed_off(interval: timedelta, *, soon_interval: timedelta, failures: int, soon: bool) -> timedelta:
    """How long after the *failures*-th failure in a row.

    A fault that may pass soon is asked about after *soon_interval* first, any other after *interval*; either doubles
    with each failure, up to ten intervals or 15 minutes, whichever is shorter, but never below where it began.
    """
    start = min(interval, soon_interval) if soon else interval
    ceiling = max(min(interval * BACKOFF_INTERVALS, BACKOFF_CAP), start)
    return min(start * (1 << min(failures - 1, 16)), ceiling)


def stretch(load: Load, budget: float, *, first: bool) -> float:
    """By how much an interval has to grow so that *load* fits in *budget* calls a second.

    What is under way goes *first*: the others yield three quarters of what they want, or of the budget where they want
    more than that, before it is asked about less often. The quarter that they keep starves nobody.
    """
    if load.first + load.others <= budget:
        return 1.0
    kept = min(load.others, budget) / YIELDING
    if first:
        return max(1.0, load.first / (budget - kept))
    left = budget - min(load.first, budget - kept)
    return max(1.0, load.others / left) if left > 0 else 1.0


def jittered(interval: timedelta, jitter: float, chance: float) -> timedelta:
    """*interval*, shorter or longer by up to the share *jitter*, as *chance* (0 to 1) has it."""
    return interval * (1 + jitter * (2 * chance - 1))
