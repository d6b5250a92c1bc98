"""Where output goes: the terminal with colour and its width, a pipe as plain text with all the room that it needs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    out = console()
    if at_terminal():
        out.print(table)
        return
    with out.capture() as captured:
        out.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def print_line(line: Text) -> None:
    """Print one line to stdout at once, however long. Raises BrokenPipeError when nobody reads any more."""
    if at_terminal():
        console().print(line, soft_wrap=True)
    else:
        click.echo(line.plain)


def cells(texts: Sequence[str | Text]) -> list[Text]:
    """Texts as they stand: rich reads no markup in a `Text`."""
    return [text if isinstance(text, Text) else Text(text) for text in texts]
