"""What is written beside the polls, and can wait: a disk that is full for now stops none of it for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import structlog

from monitor.errors import StateUnavailableError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, timedelta

log = structlog.get_logger(__name__)


class Kept(Protocol):
    """What is looked after; `monitor.store.Store` has it. Each may raise StateUnavailableError."""

    def save_seen(self) -> None: ...
    def prune(self, before: datetime) -> int: ...
    def retain(self, project_arns: Collection[str], sinks: Collection[str]) -> None: ...
    def shift_deliveries(self, jump: timedelta, now: datetime) -> None: ...


class Upkeep:
    """Does it, or says in the log that it was put off."""

    def __init__(self, store: Kept) -> None:
        self._store = store

    def save_seen(self) -> None:
        """Save when each project was last seen; put off, it is saved with the next."""
        try:
            self._store.save_seen()
        except StateUnavailableError as error:
            log.warning("seen.unsaved", error=str(error))

    def prune(self, before: datetime) -> None:
        """Forget events from before that time; put off, the next pruning does it."""
        try:
            pruned = self._store.prune(before)
        except StateUnavailableError as error:
            log.warning("events.unpruned", error=str(error))
        else:
            log.debug("events.pruned", count=pruned)

    def retain(self, project_arns: Collection[str], sinks: Collection[str]) -> None:
        """Settle what belongs to no project or sink any more; put off, the next reload or start does it."""
        try:
            self._store.retain(project_arns, sinks)
        except StateUnavailableError as error:
            log.warning("leftovers.kept", error=str(error))

    def shift_deliveries(self, jump: timedelta, now: datetime) -> None:
        """Let what waits for a retry wait as long as it would have, though the clock was set; not made up for later."""
        try:
            self._store.shift_deliveries(jump, now)
        except StateUnavailableError as error:
            log.warning("deliveries.unshifted", error=str(error))
