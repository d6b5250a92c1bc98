"""Random lives: the steps of a version from its birth to its end, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from monitor.simulator.moves import BIRTHS, MOVES, Move
from monitor.simulator.plans import Step

if TYPE_CHECKING:
    from random import Random

UNKNOWN_STATUSES = ("QUANTIZING_IN_PROGRESS", "SUSPENDED", "ARCHIVED")
"""Words that AWS does not use today: its list grew in 2022 and in 2023, and will again."""

_FASTEST, _SLOWEST = 1.0, 20.0
"""Seconds between the moves of a fast life."""


class Pace(Enum):
    REALISTIC = "realistic"  # minutes to months, as in the table of moves
    FAST = "fast"  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeStyle:
    """How random lives go. Probabilities are per move."""

    feature: str
    pace: Pace = Pace.REALISTIC
    moves: int = 30
    """At most this many; a life that is not over then stays as it is."""
    unknown_statuses: float = 0.0
    skipped_moves: float = 0.0
    born_within: timedelta | None = None
    """Since the beginning; None: as the pace has it."""


def random_life(random: Random, style: LifeStyle) -> tuple[Step, ...]:
    """Walks through the documented moves until the version is deleted or *style* says that it is enough."""
    steps: list[Step] = []
    status: str | None = None
    while len(steps) < style.moves and not (steps and steps[-1].gone):
        move, stay = _next_move(random, style, status)
        if status is not None and random.random() < style.unknown_statuses:
            steps.append(Step(after=_stay(random, style, move), status=random.choice(UNKNOWN_STATUSES)))
        status = move.after
        steps.append(Step(after=stay, status=status, gone=status is None))
    return tuple(steps)


def _next_move(random: Random, style: LifeStyle, status: str | None) -> tuple[Move, timedelta]:
    """The move and how long until it; now and then that of two moves at once, so that the one between is never seen."""
    first = _choose(random, style, status)
    if status is None:
        return first, _birth(random, style, first)
    stay = _stay(random, style, first)
    if first.after is None or random.random() >= style.skipped_moves:
        return first, stay
    second = _choose(random, style, first.after)
    return second, stay + _stay(random, style, second)


def _choose(random: Random, style: LifeStyle, status: str | None) -> Move:
    moves = BIRTHS[style.feature] if status is None else MOVES[style.feature][status]
    return random.choices(moves, weights=[move.weight for move in moves])[0]


def _birth(random: Random, style: LifeStyle, move: Move) -> timedelta:
    if style.born_within is None:
        return _stay(random, style, move)
    return random.random() * style.born_within


def _stay(random: Random, style: LifeStyle, move: Move) -> timedelta:
    if style.pace is Pace.FAST:
        return timedelta(seconds=random.uniform(_FASTEST, _SLOWEST))
    return timedelta(seconds=random.uniform(move.shortest.total_seconds(), move.longest.total_seconds()))
