"""A timeline in characters: a line for each status, a column for each part of the window.

A status that lasted a moment shows as much as one that lasted for its column, so none is lost. The word stands at the
left, so nothing is told by a colour or a letter that has to be looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitor.domain.timeline import Timeline

UNSEEN: Final = "(not seen)"
"""The line of the gaps: the version was there, and nobody looked."""

_TICK: Final = 12
"""Columns between two times below the lines."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a column shows: the status, that nobody could see, that the status was passed through between two looks."""

    had: str = "█"
    unseen: str = "░"
    skipped: str = "»"

    def fit(self, encoding: str) -> bool:
        """Whether *encoding* has them."""
        try:
            (self.had + self.unseen + self.skipped).encode(encoding)
        except UnicodeEncodeError:
            return False
        return True


PLAIN: Final = Marks(had="#", unseen=".", skipped=">")
"""Where the encoding has no others."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One line: a status word (or `UNSEEN`) and its columns."""

    word: str
    columns: str


def lanes(timeline: Timeline, width: int, marks: Marks) -> list[Lane]:
    """The lines, statuses in the order in which they were first had, the gaps last."""
    drawing = _Drawing(timeline, width)
    for span in timeline.spans:
        first, last = drawing.column(span.start), drawing.column(span.end, closing=True)
        drawing.fill(span.status or UNSEEN, range(first, last + 1), marks.had if span.status else marks.unseen)
    for mark in timeline.marks:
        for word in mark.step.via:
            drawing.fill(word, [drawing.column(mark.at)], marks.skipped)
    return sorted(drawing.lanes(), key=lambda lane: lane.word == UNSEEN)


def axis(timeline: Timeline, width: int) -> str:
    """Times below the columns that they are the beginning of; days where the window is longer than one."""
    length = timeline.until - timeline.since
    form = "%H:%M" if length <= _DAY else "%b %d"
    return "".join(f"{timeline.since + length * start / width:{form}}".ljust(_TICK) for start in _ticks(width)).rstrip()


def _ticks(width: int) -> range:
    return range(0, width - _TICK + 1, _TICK)


class _Drawing:
    def __init__(self, timeline: Timeline, width: int) -> None:
        self._since = timeline.since
        self._column = (timeline.until - timeline.since) / width
        self._width = width
        self._lines: dict[str, list[str]] = {}

    def column(self, at: datetime, *, closing: bool = False) -> int:
        """That of a time; of one that ends something, the last one that it reaches into."""
        number, rest = divmod(at - self._since, self._column)
        return max(0, min(number - (closing and not rest), self._width - 1))

    def fill(self, word: str, columns: range | list[int], mark: str) -> None:
        """Set what is empty yet."""
        line = self._lines.setdefault(word, [" "] * self._width)
        for column in columns:
            if line[column] == " ":
                line[column] = mark

    def lanes(self) -> Iterator[Lane]:
        return (Lane(word, "".join(line)) for word, line in self._lines.items())
