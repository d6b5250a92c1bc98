"""The lives that the daemon has in a campaign, and what ends each."""

from __future__ import annotations

import random
import resource
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

DAY: Final = 86_400.0
SHORT: Final = 1.2
"""Seconds: to the first polls and their deliveries."""
LONG: Final = 2.5
WRITES: Final = 60
"""Fail-points that are gone through in turn; a daemon has passed so many within its first polls."""
_SETTLED: Final = 0.7
"""The part of lives that are not killed while they begin."""
_ROOM: Final = 8192
"""Bytes that a full disk has left."""


class Kind(StrEnum):
    """What happens in a life."""

    RANDOM = "random"  # killed at some moment
    WRITE = "write"  # killed at a certain write
    DISK = "disk"  # the disk is full for a while, and then it is killed
    CLOCK = "clock"  # the clock is set by a day, and then it is killed


@dataclass(frozen=True, kw_only=True)
class Life:
    """One process.

    Attributes:
        seconds: After which it is killed, if it lives then.
        settled: Whether these seconds begin with its first question to AWS, not with its start: on a machine that is
            busy a life would be over before it has done anything.
        fail_at: Which of its writes kills it; 0 for none.
    """

    kind: Kind
    seconds: float
    settled: bool = True
    fail_at: int = 0


def lives(number: int, kinds: Sequence[Kind], seed: int) -> Iterator[Life]:
    """So many lives, the *kinds* in turn."""
    chance = random.Random(seed)
    writes = 0
    for index in range(number):
        kind = kinds[index % len(kinds)]
        if kind is Kind.WRITE:
            writes += 1
            yield Life(kind=kind, seconds=2 * LONG, fail_at=(writes - 1) % WRITES + 1)
        elif kind is Kind.RANDOM:
            yield Life(kind=kind, seconds=chance.uniform(0, SHORT), settled=chance.random() < _SETTLED)
        else:
            yield Life(kind=kind, seconds=chance.uniform(SHORT, LONG))


class Clock:
    """The daemon's clock, which can be set."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.jumps = 0
        self.offset = 0.0
        self.set(0.0)

    def set(self, offset: float) -> None:
        """Let it be wrong by *offset* seconds."""
        self.jumps += offset != self.offset
        self.offset = offset
        mode = "r+b" if self.path.exists() else "wb"
        with self.path.open(mode) as file:
            file.write(struct.pack("d", offset))

    def jump(self) -> None:
        """By a day, either way in turn."""
        self.set({0.0: DAY if self.jumps % 4 == 0 else -DAY}.get(self.offset, 0.0))


def fill_disk(pid: int, database: Path) -> None:
    """Leave the process so little room that its files cannot grow: the writes fail as on a full disk."""
    sizes = [file.stat().st_size for file in database.parent.glob(database.name + "*")]
    _limit(pid, max(sizes, default=0) + _ROOM)


def free_disk(pid: int) -> None:
    """Give the room back."""
    _limit(pid, resource.RLIM_INFINITY)


def _limit(pid: int, size: int) -> None:
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
