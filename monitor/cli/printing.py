"""Where output goes: the terminal with colour and its width, a pipe as plain text with all the room that it needs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


def at_terminal() -> bool:
    """Whether somebody looks at stdout."""
    return sys.stdout.isatty()


def short(heading: str) -> Column:
    """A column that stays on one line while there is room for it."""
    return Column(heading, no_wrap=True)


def number(heading: str) -> Column:
    """The same for numbers, which stand at the right."""
    return Column(heading, no_wrap=True, justify="right")


def wide(heading: str) -> Column:
    """A column that takes more lines where a terminal is too narrow."""
    return Column(heading, overflow="fold")


def make_table(*columns: Column) -> Table:
    """An empty table, two blanks between its columns."""
    return Table(*columns, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")


def print_table(table: Table) -> None:
    """Print a table to stdout; without the blanks at the ends of its lines where it goes into a pipe."""
    if at_terminal():
        console().print(table)
        return
    click.echo("\n".join(_plain_lines(table)))


def print_part(part: Text | Table) -> None:
    """Print one part of what a terminal is shown."""
    console().print(part, soft_wrap=isinstance(part, Text))


def _plain_lines(table: Table) -> Iterator[str]:
    """The lines of *table* as rich prints them where there is room for all, which it takes long to find out."""
    columns = [[str(column.header), *map(str, column.cells)] for column in table.columns]
    widths = [max(map(cell_len, texts)) for texts in columns]
    right = [column.justify == "right" for column in table.columns]
    for row in zip(*columns, strict=True):
        padded = (_padded(text, width, right=at) for text, width, at in zip(row, widths, right, strict=True))
        yield "  ".join(padded).rstrip()


def _padded(text: str, width: int, *, right: bool) -> str:
    """*text* in so many cells; a letter of Chinese takes two."""
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks


def print_line(line: Text) -> None:
    """Print one line to stdout at once, however long. Raises BrokenPipeError when nobody reads any more."""
    if at_terminal():
        console().print(line, soft_wrap=True)
    else:
        click.echo(line.plain)


def cells(texts: Sequence[str | Text]) -> list[Text]:
    """Texts as they stand: rich reads no markup in a `Text`."""
    return [text if isinstance(text, Text) else Text(text) for text in texts]
