"""How one sink stands, by what the database knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

STOPPED: Final = "the sink is stopped until the configuration is loaded again"
"""How the error of a delivery begins whose sink said that it wants nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What became of one sink's deliveries.

    Attributes:
        pending: How many wait.
        oldest: When the oldest of them was stored.
        dead: How many were given up, as long as their events are kept.
        last_success: When the sink last accepted one that is kept.
        last_error: What the oldest that waits failed with; where none that waits failed, the newest that is dead.
        failing: Whether that is one that waits.
    """

    pending: int = 0
    oldest: datetime | None = None
    dead: int = 0
    last_success: datetime | None = None
    last_error: str | None = None
    failing: bool = False

    @property
    def stopped(self) -> bool:
        """Whether the sink said that it wants nothing more."""
        return self.failing and (self.last_error or "").startswith(STOPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkState:
    """One sink, by the configuration and by what the database knows.

    Attributes:
        type: None for one that is not in the configuration any more.
        state: `ok`, `failing`, `stopped`, `off` or `removed`.
    """

    name: str
    type: str | None
    state: str
    standing: Standing
