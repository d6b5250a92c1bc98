"""Which status can follow which: one table, and the questions that are answered from it.

Everything about moves lives here. The table holds the moves that AWS documents, and three that follow from its words
(marked). A status with nothing after it is written with an empty set, so that it is seen to be final. Leaving the
listing is not a status: only DELETING is documented to end so.

A monitor samples, so it sees pairs that no single step makes: STOPPED then RUNNING, say, when STARTING came and went
between two polls. `classify` therefore asks whether the second status can be reached from the first at all, and names
the statuses that must have been passed. It never refuses a pair: an unexpected one is a fact about the world, or about
this table.

Sources: Amazon Rekognition Custom Labels Developer Guide (training, running and copying a model); Amazon Rekognition
Developer Guide, "Managing Custom Moderation adapters".
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from monitor.domain.status import (
    COPYING_COMPLETED,
    COPYING_FAILED,
    COPYING_IN_PROGRESS,
    DELETING,
    DEPRECATED,
    EXPIRED,
    FAILED,
    RUNNING,
    STARTING,
    STOPPED,
    STOPPING,
    TRAINING_COMPLETED,
    TRAINING_FAILED,
    TRAINING_IN_PROGRESS,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

ENTRIES: Final = (TRAINING_IN_PROGRESS, COPYING_IN_PROGRESS)
"""How a version comes into being: CreateProjectVersion and CopyProjectVersion."""

MOVES: Final[Mapping[Status, tuple[Status, ...]]] = MappingProxyType(
    {
        TRAINING_IN_PROGRESS: (TRAINING_COMPLETED, TRAINING_FAILED),
        TRAINING_COMPLETED: (STARTING, DEPRECATED, DELETING),
        TRAINING_FAILED: (DELETING,),
        STARTING: (RUNNING, FAILED),
        RUNNING: (STOPPING, FAILED),  # FAILED: implied, nowhere said
        FAILED: (STARTING, DELETING),  # STARTING: implied, nowhere said
        STOPPING: (STOPPED, FAILED),  # FAILED: AWS's own stop sample waits for it
        STOPPED: (STARTING, DELETING),
        COPYING_IN_PROGRESS: (COPYING_COMPLETED, COPYING_FAILED),
        COPYING_COMPLETED: (STARTING, DELETING),
        COPYING_FAILED: (DELETING,),
        DEPRECATED: (EXPIRED, DELETING),
        EXPIRED: (DELETING,),
        DELETING: (),
    }
)


class MoveKind(Enum):
    """How an observed move relates to the table."""

    DIRECT = "direct"
    SKIPPED = "skipped"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Move:
    """One observed change of status, and the statuses between that were not seen (a shortest way)."""

    before: Status
    after: Status
    kind: MoveKind
    via: tuple[Status, ...] = ()


@cache
def classify(before: Status, after: Status) -> Move:
    """How *after* follows *before*. Any pair gets an answer, unknown statuses too."""
    path = _shortest_path(before, after)
    if path is None:
        return Move(before, after, MoveKind.UNEXPECTED)
    if not path:
        return Move(before, after, MoveKind.DIRECT)
    return Move(before, after, MoveKind.SKIPPED, path)


def _shortest_path(start: Status, goal: Status) -> tuple[Status, ...] | None:
    """The statuses strictly between *start* and *goal*; None where there is no way. The table's order breaks ties."""
    queue: deque[tuple[Status, tuple[Status, ...]]] = deque([(start, ())])
    met: set[Status] = set()
    while queue:
        here, passed = queue.popleft()
        for following in MOVES.get(here, ()):
            if following == goal:
                return passed
            if following not in met:
                met.add(following)
                queue.append((following, (*passed, following)))
    return None
