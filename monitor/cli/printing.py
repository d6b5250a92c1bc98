"""Where output goes: the terminal with colour and its width, a pipe as plain text with all the room that it needs."""

# ruff: noqa: PLC0415 - rich is imported when somebody looks; a pipe does without it

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from monitor.cli.table import Table, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.cli.table import Line


def at_terminal() -> bool:
    """Whether somebody looks at stdout."""
    return sys.stdout.isatty()


def terminal_width() -> int:
    """The columns of the terminal that stdout is, or what COLUMNS says."""
    from monitor.cli.drawing import console

    return console().width


def print_table(table: Table) -> None:
    """Print a table to stdout; without the blanks at the ends of its lines where it goes into a pipe."""
    print_parts([table])


def print_line(line: Line) -> None:
    """Print one line to stdout at once, however long. Raises BrokenPipeError when nobody reads any more."""
    print_parts([line])


def print_parts(parts: Iterable[Table | Line]) -> None:
    """Print tables and lines to stdout, one below the other."""
    if at_terminal():
        from monitor.cli.drawing import draw

        draw(parts)
        return
    lines = [line for part in parts for line in _plain(part)]
    if lines:
        click.echo("\n".join(lines))


def _plain(part: Table | Line) -> Iterable[str]:
    if isinstance(part, Table):
        return (plain(line).rstrip() for line in part.lines(part.widths()))
    return [plain(part)]
