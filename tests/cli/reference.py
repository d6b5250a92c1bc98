"""docs/commands.md, made from what the commands say about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from monitor.cli.main import PROGRAM
from monitor.cli.root import root

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH: Final = 100

_LEAD: Final = f"""\
# Commands

<!-- Made from the commands' own help by `make docs`. -->

`{PROGRAM} COMMAND --help` says the same. `python -m monitor` is the same command.

| exit code | |
|---|---|
| 0 | done |
| 1 | something that was asked for failed: a project of `poll`, say, or the database cannot be used |
| 2 | wrong use, or a configuration that is refused, with a line on stderr for each of its problems |
| 130 | interrupted |

What was asked for goes to stdout, everything else to stderr. There are colours at a terminal only, and none with
`NO_COLOR` in the environment; in a pipe nothing is cut to a width. Text from AWS is shown with its control characters
as escapes.
"""


def render_document() -> str:
    """The whole page."""
    return "\n".join((_LEAD, *_sections(root, _context(root, PROGRAM))))


def _sections(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"{'#' * (2 if context.parent is None or context.parent.parent is None else 3)} {context.command_path}\n"
    yield f"```text\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.commands[name]
            yield from _sections(child, _context(child, name, context))


def _context(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    return click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH, **command.context_settings)
