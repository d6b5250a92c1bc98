"""What the database holds, kept in memory, so that an unchanged poll needs no database."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from monitor.domain.snapshot import Snapshot
    from monitor.domain.version import Version

    Moves = Mapping[tuple[str, str], int]

_NO_MOVES: Final[Mapping[tuple[str, str], int]] = MappingProxyType({})


class Memory:
    """Snapshots and counters by project ARN. Thread-safe; no call waits for anything but another such call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshots: dict[str, Snapshot | None] = {}  # None: known to be stored nowhere
        self._transitions: dict[str, Moves] = {}
        self._unsaved: set[str] = set()
        self._loaded: deque[str] = deque()

    def missing(self, project_arns: Iterable[str]) -> list[str]:
        """Those of which nothing is known yet."""
        return [arn for arn in project_arns if not (arn in self._snapshots and arn in self._transitions)]

    def load(self, arn: str, snapshot: Snapshot | None, transitions: Moves | None) -> None:
        """Keep what was read, where nothing newer came meanwhile."""
        with self._lock:
            self._snapshots.setdefault(arn, snapshot)
            self._transitions.setdefault(arn, transitions or _NO_MOVES)
            self._loaded.append(arn)

    def take_loaded(self, most: int) -> list[Snapshot]:
        """The snapshots of up to *most* of the projects that were loaded, each once."""
        with self._lock:
            arns = [self._loaded.popleft() for _ in range(min(most, len(self._loaded)))]
        return [snapshot for arn in arns if (snapshot := self._snapshots.get(arn))]

    def left_loaded(self) -> int:
        """How many projects were loaded and not taken."""
        return len(self._loaded)

    def snapshot(self, arn: str) -> Snapshot | None:
        """The project's; None where there is none or it was not loaded."""
        return self._snapshots.get(arn)

    def transitions(self, arn: str) -> Moves:
        """The project's; empty where there are none or they were not loaded."""
        return self._transitions.get(arn, _NO_MOVES)

    def committed(self, arn: str, snapshot: Snapshot | None, transitions: Moves | None) -> None:
        """Keep what was written; None for what was not."""
        with self._lock:
            if snapshot is not None:
                self._snapshots[arn] = snapshot
                self._unsaved.discard(arn)
            if transitions is not None:
                self._transitions[arn] = transitions

    def seen(self, arn: str, at: datetime, settled: tuple[Version, ...] | None) -> None:
        """The project's snapshot was found unchanged."""
        with self._lock:
            snapshot = self._snapshots.get(arn)
            if snapshot is not None:
                self._snapshots[arn] = replace(snapshot, seen_at=at, settled=settled)
                self._unsaved.add(arn)

    def unsaved(self) -> list[Snapshot]:
        """The snapshots that were seen since they were last stored."""
        with self._lock:
            return [snapshot for arn in self._unsaved if (snapshot := self._snapshots.get(arn))]

    def saved(self, snapshots: Iterable[Snapshot], stale: Collection[str]) -> None:
        """These are stored as they are, but for the *stale* ones, which are forgotten; newer ones stay as they are."""
        with self._lock:
            for snapshot in snapshots:
                arn = snapshot.project_arn
                if self._snapshots.get(arn) is snapshot:
                    self._unsaved.discard(arn)
                if arn in stale and self._is_revision(arn, snapshot.revision):
                    self._drop(arn)

    def forget(self, project_arns: Iterable[str]) -> None:
        """Know nothing of these any more."""
        with self._lock:
            for arn in project_arns:
                self._drop(arn)

    def forget_others(self, project_arns: Collection[str]) -> None:
        """Know nothing of any project but these."""
        self.forget([arn for arn in (*self._snapshots, *self._transitions) if arn not in project_arns])

    def _is_revision(self, arn: str, revision: int) -> bool:
        snapshot = self._snapshots.get(arn)
        return snapshot is not None and snapshot.revision == revision

    def _drop(self, arn: str) -> None:
        self._snapshots.pop(arn, None)
        self._transitions.pop(arn, None)
        self._unsaved.discard(arn)
