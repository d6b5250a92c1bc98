"""monitor.service.upkeep"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from monitor.errors import StateUnavailableError
from monitor.service.upkeep import Upkeep
from tests.builders import at

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime


class Disk:
    """A store that writes down what it is asked, or is full."""

    def __init__(self, *, full: bool) -> None:
        self.full = full
        self.asked: list[tuple[Any, ...]] = []

    def save_seen(self) -> None:
        self._ask("save_seen")

    def prune(self, before: datetime) -> int:
        self._ask("prune", before)
        return 3

    def retain(self, project_arns: Collection[str], sinks: Collection[str]) -> None:
        self._ask("retain", project_arns, sinks)

    def shift_deliveries(self, jump: timedelta, now: datetime) -> None:
        self._ask("shift_deliveries", jump, now)

    def _ask(self, *question: object) -> None:
        self.asked.append(question)
        if self.full:
            raise StateUnavailableError("database or disk is full")


DAY = timedelta(days=1)
WORK: dict[str, Callable[[Upkeep], None]] = {
    "seen.unsaved": lambda upkeep: upkeep.save_seen(),
    "events.unpruned": lambda upkeep: upkeep.prune(at()),
    "leftovers.kept": lambda upkeep: upkeep.retain({"p"}, {"log"}),
    "deliveries.unshifted": lambda upkeep: upkeep.shift_deliveries(DAY, at()),
}


def test_each_is_passed_on() -> None:
    """With room on the disk, the store is asked, and nothing is worth a word."""
    disk = Disk(full=False)
    with capture_logs() as entries:
        for work in WORK.values():
            work(Upkeep(disk))

    assert [("save_seen",), ("prune", at()), ("retain", {"p"}, {"log"}), ("shift_deliveries", DAY, at())] == disk.asked
    assert [("events.pruned", "debug")] == [(entry["event"], entry["log_level"]) for entry in entries]


@pytest.mark.parametrize(("said", "work"), WORK.items())
def test_what_a_full_disk_puts_off_is_said(said: str, work: Callable[[Upkeep], None]) -> None:
    """None of it ends the daemon."""
    with capture_logs() as entries:
        work(Upkeep(Disk(full=True)))

    assert [(said, "warning", "database or disk is full")] == [
        (entry["event"], entry["log_level"], entry["error"]) for entry in entries
    ]
