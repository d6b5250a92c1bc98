"""What is printed, as rich draws it at a terminal.

Rich lays a table out cell by cell, which takes a millisecond a line. A table that needs no folding is lines of words
already: rich is asked for their colours only.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from rich import table as rich_table
from rich.console import Console
from rich.segment import Segment, Segments
from rich.text import Text

from monitor.cli.table import BETWEEN, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.cli.table import Line

_ROOM: Final = 1_000_000
"""Columns: in a pipe nothing is wrapped or cut."""


def console(*, stderr: bool = False) -> Console:
    """Stdout or stderr as it is now. At a terminal rich reads NO_COLOR, TERM and COLUMNS; markup is never read."""
    stream = sys.stderr if stderr else sys.stdout
    watched = stream.isatty()
    return Console(
        file=stream,
        force_terminal=None if watched else False,
        width=None if watched else _ROOM,
        markup=False,
        emoji=False,
        highlight=False,
    )


def draw(parts: Iterable[Table | Line]) -> None:
    """Print them to stdout; a line that is too long is left to the terminal, a table is folded."""
    out = console()
    for part in parts:
        if not isinstance(part, Table):
            out.print(_segments(out, [part]), soft_wrap=True)
            continue
        widths = part.widths()
        if sum(widths) + BETWEEN * (len(widths) - 1) <= out.width:
            out.print(_segments(out, part.lines(widths)), soft_wrap=True)
        else:
            out.print(folding(part))


def folding(table: Table) -> rich_table.Table:
    """A table that rich fits into whatever room there is."""
    made = rich_table.Table(box=None, pad_edge=False, padding=(0, BETWEEN, 0, 0), header_style="bold")
    for column in table.columns:
        made.add_column(
            column.heading,
            justify="right" if column.right else "left",
            no_wrap=not column.folds,
            overflow="fold" if column.folds else "ellipsis",
        )
    for row in table.rows:
        made.add_row(*(Text(words.text, style=words.style) for words in row))
    return made


def styled(line: Line) -> Text:
    """One line for whatever rich composes."""
    return Text.assemble(*((words.text, words.style) for words in line))


def _segments(out: Console, lines: Iterable[Line]) -> Segments:
    return Segments([segment for line in lines for segment in _of_line(out, line)])


def _of_line(out: Console, line: Line) -> Iterator[Segment]:
    for words in line:
        yield Segment(words.text, out.get_style(words.style) if words.style else None)
    yield Segment.line()
