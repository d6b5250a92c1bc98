"""A month in the life of a fleet, drawn with a seed: what changes when. Pure; times are seconds from Monday, midnight.

Of each project: trainings of 30 minutes to 24 hours, four a month, begun in working hours, every eighth of which fails;
copies of 5 minutes to an hour; deletions. Every second project serves: its model is started in the morning and stopped
in the evening of each working day, which takes AWS 8 to 20 and 2 to 6 minutes; some starts fail, and some running
models fail by themselves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.domain.status import (
    COPYING_COMPLETED,
    COPYING_FAILED,
    COPYING_IN_PROGRESS,
    DELETING,
    FAILED,
    RUNNING,
    STARTING,
    STOPPED,
    STOPPING,
    TRAINING_COMPLETED,
    TRAINING_FAILED,
    TRAINING_IN_PROGRESS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from monitor.domain.status import Status

MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WORKDAYS: Final = 5

TRAININGS_A_DAY: Final = 4 / 30
COPIES_A_DAY: Final = 1 / 30
DELETIONS_A_DAY: Final = 2 / 30
TRAINING_FAILS: Final = 1 / 8
START_FAILS: Final = 1 / 50
RUNNING_FAILS: Final = 1 / 200


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """At this time this version got this status; None when it was gone."""

    at: float
    version: int
    status: Status | None


def fleet(chance: Random, projects: int, days: int) -> list[list[Change]]:
    """The changes of each project, in order."""
    return [list(_project(chance, days, serving=number % 2 == 0)) for number in range(projects)]


def _project(chance: Random, days: int, *, serving: bool) -> Iterator[Change]:
    changes = [*_created(chance, days), *(_served(chance, days) if serving else ())]
    return iter(sorted((change for change in changes if change.at < days * DAY), key=lambda each: each.at))


def _served(chance: Random, days: int) -> Iterator[Change]:
    """Version 0: started in the morning, stopped in the evening."""
    for day in range(days):
        if day % 7 < WORKDAYS:
            morning = day * DAY + chance.uniform(7, 9) * HOUR
            up = morning + chance.uniform(8, 20) * MINUTE
            yield Change(morning, 0, STARTING)
            if chance.random() < START_FAILS:
                yield Change(up, 0, FAILED)
                continue
            yield Change(up, 0, RUNNING)
            evening = day * DAY + chance.uniform(18, 20) * HOUR
            if chance.random() < RUNNING_FAILS:
                yield Change(chance.uniform(up, evening), 0, FAILED)
                continue
            yield Change(evening, 0, STOPPING)
            yield Change(evening + chance.uniform(2, 6) * MINUTE, 0, STOPPED)


def _created(chance: Random, days: int) -> Iterator[Change]:
    """Versions that are trained or copied, and the deletions of some of them."""
    number = 0
    for day in range(days):
        work = day * DAY + chance.uniform(9, 18) * HOUR
        if day % 7 >= WORKDAYS:
            continue
        if chance.random() < TRAININGS_A_DAY * 7 / WORKDAYS:
            number += 1
            took = math.exp(chance.uniform(math.log(30 * MINUTE), math.log(DAY)))
            end = TRAINING_FAILED if chance.random() < TRAINING_FAILS else TRAINING_COMPLETED
            yield from (Change(work, number, TRAINING_IN_PROGRESS), Change(work + took, number, end))
        elif chance.random() < COPIES_A_DAY * 7 / WORKDAYS:
            number += 1
            took = chance.uniform(5, 60) * MINUTE
            end = COPYING_FAILED if chance.random() < TRAINING_FAILS else COPYING_COMPLETED
            yield from (Change(work, number, COPYING_IN_PROGRESS), Change(work + took, number, end))
        elif number and chance.random() < DELETIONS_A_DAY * 7 / WORKDAYS:
            old = -1 - day  # one of those that were there before
            yield from (Change(work, old, DELETING), Change(work + chance.uniform(1, 10) * MINUTE, old, None))
