"""The statuses of a project version, as AWS has them, and what each is about.

The set is closed in AWS's documents and open in fact: it grew in 2022 and in 2023. A word that is not in the table is
carried as it is, with no phase, and is never taken for one that is.

Source: Amazon Rekognition API Reference, ProjectVersionDescription, `Status`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Phase(Enum):
    """What a status is about."""

    TRAINING = "training"
    HOSTING = "hosting"
    COPYING = "copying"
    DELETING = "deleting"
    IDLE = "idle"  # usable or startable, nothing goes on
    ENDED = "ended"  # failed or expired; nothing goes on


@dataclass(frozen=True, slots=True)
class Status:
    """One status word.

    Attributes:
        word: As AWS wrote it; the identity.
        phase: None for a word that is not in the table.
        transient: It ends by itself.
        billed: AWS documents a charge for each inference unit while it lasts. Whether STARTING and STOPPING are charged
            is documented nowhere, so they are not said to be.
    """

    word: str
    phase: Phase | None = field(default=None, compare=False)
    transient: bool = field(default=False, compare=False)
    billed: bool = field(default=False, compare=False)

    @property
    def known(self) -> bool:
        """Whether the table has it."""
        return self.phase is not None

    def __str__(self) -> str:
        return self.word


TRAINING_IN_PROGRESS: Final = Status("TRAINING_IN_PROGRESS", Phase.TRAINING, transient=True)
TRAINING_COMPLETED: Final = Status("TRAINING_COMPLETED", Phase.IDLE)
TRAINING_FAILED: Final = Status("TRAINING_FAILED", Phase.ENDED)
STARTING: Final = Status("STARTING", Phase.HOSTING, transient=True)
RUNNING: Final = Status("RUNNING", Phase.HOSTING, billed=True)
FAILED: Final = Status("FAILED", Phase.ENDED)
STOPPING: Final = Status("STOPPING", Phase.HOSTING, transient=True)
STOPPED: Final = Status("STOPPED", Phase.IDLE)
DELETING: Final = Status("DELETING", Phase.DELETING, transient=True)
COPYING_IN_PROGRESS: Final = Status("COPYING_IN_PROGRESS", Phase.COPYING, transient=True)
COPYING_COMPLETED: Final = Status("COPYING_COMPLETED", Phase.IDLE)
COPYING_FAILED: Final = Status("COPYING_FAILED", Phase.ENDED)
DEPRECATED: Final = Status("DEPRECATED", Phase.IDLE)
EXPIRED: Final = Status("EXPIRED", Phase.ENDED)

KNOWN: Final[Mapping[str, Status]] = MappingProxyType(
    {
        status.word: status
        for status in (
            TRAINING_IN_PROGRESS,
            TRAINING_COMPLETED,
            TRAINING_FAILED,
            STARTING,
            RUNNING,
            FAILED,
            STOPPING,
            STOPPED,
            DELETING,
            COPYING_IN_PROGRESS,
            COPYING_COMPLETED,
            COPYING_FAILED,
            DEPRECATED,
            EXPIRED,
        )
    }
)

UNSPECIFIED: Final = Status("UNSPECIFIED")
"""Stands for a version that AWS described without a status: every field of a version is optional."""


def parse_status(word: str | None) -> Status:
    """The status of a word; any word is one, None and the empty word are `UNSPECIFIED`."""
    if not word:
        return UNSPECIFIED
    return KNOWN.get(word) or Status(word)
