"""Whether a daemon works on a database now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.store import StateLock

if TYPE_CHECKING:
    from monitor.config.model import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """The daemon of a database.

    Attributes:
        running: None where that cannot be told: the lock file is there and may not be read.
        process: Its process id, as it sees itself.
    """

    running: bool | None
    process: str | None = None


def find_daemon(config: Config) -> Presence:
    """Whether a daemon has the database of *config*; disturbs none. Raises UsageError for a `state.url` of no file."""
    lock = StateLock(config.state.url)
    running = lock.held()
    return Presence(running=running, process=lock.holder() if running else None)
