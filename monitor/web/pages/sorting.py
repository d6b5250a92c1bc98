"""In which order the fleet is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from monitor.web.pages.entries import training_seconds
from monitor.web.pages.tones import URGENCY, tone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.domain.snapshot import Tracked
    from monitor.web.pages.entries import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Something to sort by.

    Attributes:
        word: What the reader chooses.
        key: A version's place; None for one that has none, which stands last whatever the direction.
        up: What the ascending order is called; *down*, the descending one.
        descending: The direction that is offered first.
    """

    word: str
    key: Callable[[Tracked], Any]
    up: str
    down: str
    descending: bool = False


def _urgency(tracked: Tracked) -> tuple[int, str]:
    status = tracked.version.status
    return URGENCY[tone(status)], status.word


COLUMNS: Final[Mapping[str, Column]] = {
    "status": Column(word="Status", key=_urgency, up="urgent first", down="calm first"),
    "since": Column(
        word="Since",
        key=lambda tracked: tracked.status_since,
        up="longest first",
        down="latest first",
        descending=True,
    ),
    "version": Column(word="Version", key=lambda tracked: tracked.version.name.casefold(), up="A to Z", down="Z to A"),
    "f1": Column(
        word="F1",
        key=lambda tracked: tracked.version.f1_score,
        up="lowest first",
        down="highest first",
        descending=True,
    ),
    "training": Column(
        word="Training",
        key=lambda tracked: training_seconds(tracked.version),
        up="shortest first",
        down="longest first",
        descending=True,
    ),
    "units": Column(
        word="Units",
        key=lambda tracked: tracked.version.min_inference_units,
        up="fewest first",
        down="most first",
        descending=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Order:
    """A column and a direction; without a column that of `entries_of`, grouped by project."""

    by: str = ""
    descending: bool = False

    def __str__(self) -> str:
        """The word in an address: the column, after a minus sign where it is descending."""
        return f"-{self.by}" if self.descending else self.by

    @property
    def grouped(self) -> bool:
        """Whether the lines of a project stand together."""
        return not self.by

    def apply(self, entries: list[Entry]) -> list[Entry]:
        """*entries* in this order; by a column, projects without versions are left out."""
        if self.grouped:
            return entries
        key = COLUMNS[self.by].key
        placed = [(key(entry.tracked), entry) for entry in entries if entry.tracked]
        known = sorted((pair for pair in placed if pair[0] is not None), key=_first, reverse=self.descending)
        return [entry for _, entry in known] + [entry for place, entry in placed if place is None]

    def next_by(self, column: str) -> Order:
        """What choosing the head of *column* leads to: its first direction, the other one when it is that already."""
        if self.by == column:
            return Order(column, not self.descending)
        return Order(column, COLUMNS[column].descending)


def parse_order(text: str) -> Order:
    """The order that a word in an address means; what means nothing is the grouped one."""
    by = text.removeprefix("-")
    return Order(by, text.startswith("-")) if by in COLUMNS else Order()


def _first(pair: tuple[Any, Entry]) -> Any:
    return pair[0]
