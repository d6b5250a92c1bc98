"""Fakes with state for what the poller asks and tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.errors import StateUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.domain.commit import Commit
    from monitor.domain.fault import Fault
    from monitor.domain.project import Project
    from monitor.domain.snapshot import Listing
    from monitor.store import Store


class Source:
    """Answers what a test has set, by project ARN; *before_answer* runs while the question is under way."""

    def __init__(self) -> None:
        self.answers: dict[str, Listing | Fault] = {}
        self.asked: list[str] = []
        self.before_answer: Callable[[], None] = lambda: None

    def list_versions(self, project: Project) -> Listing | Fault:
        self.asked.append(project.arn)
        self.before_answer()
        return self.answers[project.arn]


class Counts:
    """What was counted of polls."""

    def __init__(self) -> None:
        self.polls: list[tuple[float, float]] = []
        self.events: list[tuple[str, str]] = []
        self.commits_failed = 0

    def polled(self, *, duration: float, lateness: float) -> None:
        self.polls.append((duration, lateness))

    def stored(self, event_type: str, severity: str) -> None:
        self.events.append((event_type, severity))

    def commit_failed(self) -> None:
        self.commits_failed += 1


class FullDisk:
    """A real store whose commits are refused while *full*, as those of a database on a full disk are."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.full = False
        self.snapshot = store.snapshot
        self.transitions = store.transitions
        self.seen = store.seen

    def commit(self, commit: Commit) -> None:
        if self.full:
            raise StateUnavailableError("database or disk is full")
        self._store.commit(commit)
