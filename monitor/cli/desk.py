"""Where `status` looks: the configuration and the database, beside a running daemon or without one."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.cli.choosing import choose
from monitor.cli.loading import load
from monitor.cli.watched import look
from monitor.service.fleet import known_projects
from monitor.service.history import open_state
from monitor.service.presence import find_daemon

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import timedelta
    from pathlib import Path

    from monitor.cli.options import Clock
    from monitor.cli.ports import State
    from monitor.cli.watched import Fleet
    from monitor.cli.whole import Whole
    from monitor.config.model import Config
    from monitor.domain.choice import Choice
    from monitor.domain.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is needed to answer; *projects* are those that *choice* may want versions of."""

    config: Config
    projects: Sequence[Project]
    choice: Choice
    state: State
    clock: Clock

    def look(self) -> Fleet:
        """The fleet as it is now."""
        return look(self.projects, self.choice, self.state, find_daemon(self.config), self.clock())

    def whole(self, fleet: Fleet, name: str, window: timedelta) -> Whole:
        """Everything about one version. Raises UsageError when *name* means none, or several."""
        from monitor.cli.whole import read_whole  # noqa: PLC0415 - the table of all does without it

        return read_whole(fleet, name, self.state.records, window=window, interval=self.config.poll.interval)


@contextmanager
def open_desk(config_path: Path, choice: Choice, clock: Clock) -> Iterator[Desk]:
    """One for the configuration at that path.

    Raises:
        ConfigError: The configuration is refused.
        UsageError: No project is chosen, or there is no database yet.
        StateError: The database cannot be used.
    """
    config = load(config_path)
    with open_state(config) as state:
        projects = choose(known_projects(config, state), choice)
        yield Desk(config=config, projects=projects, choice=choice, state=state, clock=clock)
