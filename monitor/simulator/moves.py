"""What versions of each feature do, how long it takes and how often it happens: what random lives are made from.

Written down apart from the monitor's own table of moves on purpose: the simulator is what the monitor is judged by, so
the two share no facts. Sources: the Custom Labels developer guide (training, running and copying a model), the
Rekognition developer guide ("Managing adapters"); lengths that are documented nowhere are guesses of the right size.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CUSTOM_LABELS = "CUSTOM_LABELS"
CONTENT_MODERATION = "CONTENT_MODERATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """From one status to the next. *after* None: the version goes. *weight* is its share among its siblings."""

    after: str | None
    weight: float
    shortest: timedelta
    """How long the version stays before the move."""
    longest: timedelta


def _move(after: str | None, weight: float, shortest: float, longest: float) -> Move:
    """*shortest* and *longest* are minutes."""
    return Move(after=after, weight=weight, shortest=timedelta(minutes=shortest), longest=timedelta(minutes=longest))


_HOUR = 60.0
_DAY = 24 * _HOUR
_TRAINING = (0.5 * _HOUR, 24 * _HOUR)
_STARTING = (5.0, 30.0)
_MOMENTS = (0.2, 5.0)
_COPYING = (1.0, _HOUR)
_IDLE = (0.2 * _HOUR, _DAY)

_DELETION = (_move(None, 1, *_MOMENTS),)
_LEFT_ALONE = (_move("DELETING", 1, *_IDLE),)
_STARTABLE = (_move("STARTING", 8, *_IDLE), _move("DELETING", 2, *_IDLE))

_MODEL_MOVES = {
    "TRAINING_IN_PROGRESS": (_move("TRAINING_COMPLETED", 85, *_TRAINING), _move("TRAINING_FAILED", 15, *_TRAINING)),
    "TRAINING_COMPLETED": _STARTABLE,
    "TRAINING_FAILED": _LEFT_ALONE,
    "STARTING": (_move("RUNNING", 90, *_STARTING), _move("FAILED", 10, *_STARTING)),
    "RUNNING": (_move("STOPPING", 95, _HOUR, 12 * _HOUR), _move("FAILED", 5, _HOUR, 12 * _HOUR)),
    "FAILED": (_move("STARTING", 1, *_IDLE), _move("DELETING", 1, *_IDLE)),
    "STOPPING": (_move("STOPPED", 95, *_MOMENTS), _move("FAILED", 5, *_MOMENTS)),
    "STOPPED": _STARTABLE,
    "COPYING_IN_PROGRESS": (_move("COPYING_COMPLETED", 85, *_COPYING), _move("COPYING_FAILED", 15, *_COPYING)),
    "COPYING_COMPLETED": _STARTABLE,
    "COPYING_FAILED": _LEFT_ALONE,
    "DELETING": _DELETION,
}
_ADAPTER_MOVES = {
    "TRAINING_IN_PROGRESS": _MODEL_MOVES["TRAINING_IN_PROGRESS"],
    "TRAINING_COMPLETED": (_move("DEPRECATED", 7, 30 * _DAY, 300 * _DAY), _move("DELETING", 3, 30 * _DAY, 300 * _DAY)),
    "TRAINING_FAILED": _LEFT_ALONE,
    "DEPRECATED": (_move("EXPIRED", 7, 60 * _DAY, 90 * _DAY), _move("DELETING", 3, _DAY, 60 * _DAY)),
    "EXPIRED": (_move("DELETING", 1, _DAY, 30 * _DAY),),
    "DELETING": _DELETION,
}

MOVES: Mapping[str, Mapping[str, tuple[Move, ...]]] = MappingProxyType(
    {CUSTOM_LABELS: MappingProxyType(_MODEL_MOVES), CONTENT_MODERATION: MappingProxyType(_ADAPTER_MOVES)}
)
BIRTHS: Mapping[str, tuple[Move, ...]] = MappingProxyType(
    {
        CUSTOM_LABELS: (
            _move("TRAINING_IN_PROGRESS", 8, 0, 4 * _HOUR),
            _move("COPYING_IN_PROGRESS", 2, 0, 4 * _HOUR),
        ),
        CONTENT_MODERATION: (_move("TRAINING_IN_PROGRESS", 1, 0, 4 * _HOUR),),
    }
)
"""How a version comes to be: CreateProjectVersion and CopyProjectVersion."""
