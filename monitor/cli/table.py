"""Tables and lines before anybody knows where they go: words with the style that they would have in colour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BETWEEN: Final = 2
"""Blanks between two columns."""

_HEADING: Final = "bold"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in one style, as rich names styles."""

    text: str
    style: str = ""


Line = tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; *folds* where it takes more lines on a terminal that is too narrow."""

    heading: str
    right: bool = False
    folds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of as many cells as there are columns."""

    columns: tuple[Column, ...]
    rows: list[Line] = field(default_factory=list)

    def add_row(self, *cells: str | Words) -> None:
        """Add one; a text alone has no style."""
        self.rows.append(tuple(Words(cell) if isinstance(cell, str) else cell for cell in cells))

    def widths(self) -> list[int]:
        """The terminal's cells that each column takes where nothing is folded; a letter of Chinese takes two."""
        return [
            max(_width(column.heading), *(_width(row[place].text) for row in self.rows), 0)
            for place, column in enumerate(self.columns)
        ]

    def lines(self, widths: Sequence[int]) -> Iterator[Line]:
        """The heading and the rows, each on one line and as wide as that."""
        heading = tuple(Words(column.heading, _HEADING) for column in self.columns)
        last = len(self.columns) - 1
        after = [0 if place == last else BETWEEN for place in range(len(self.columns))]
        for row in (heading, *self.rows):
            yield tuple(map(_padded, row, self.columns, widths, after))


def make_table(*columns: Column) -> Table:
    """An empty table."""
    return Table(columns=columns)


def short(heading: str) -> Column:
    """A column that stays on one line while there is room for it."""
    return Column(heading=heading)


def number(heading: str) -> Column:
    """The same for numbers, which stand at the right."""
    return Column(heading=heading, right=True)


def wide(heading: str) -> Column:
    """A column that takes more lines where a terminal is too narrow."""
    return Column(heading=heading, folds=True)


def plain(line: Line) -> str:
    """A line without its styles."""
    return "".join(words.text for words in line)


def _width(text: str) -> int:
    """As rich has it, who knows of every letter of Unicode; most texts have only such as are one cell wide."""
    return len(text) if text.isascii() else cell_len(text)


def _padded(words: Words, column: Column, width: int, after: int) -> Words:
    blanks = " " * (width - _width(words.text))
    text = blanks + words.text if column.right else words.text + blanks
    return Words(text + " " * after, words.style)
