"""`status --watch`: the table, drawn again in place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.live import Live
from rich.text import Text

from monitor.cli.drawing import console, folding, styled
from monitor.cli.notice import presence_line
from monitor.cli.signals import stopping
from monitor.cli.table import Table
from monitor.cli.tables import status_parts
from monitor.cli.text import count, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.cli.watched import Fleet, Watched

PAUSE: Final = 2.0
"""Seconds between two looks: about as often as the fastest polls."""

_HEAD: Final = 3
"""Lines above the tables."""

_AROUND: Final = 3
"""Lines that a project takes besides its versions: its own, its columns' names, a blank one."""


def watch_status(look: Callable[[], Fleet]) -> None:
    """Draw what *look* finds on a screen of its own until a signal ends it. What *look* raises ends it too.

    The signal is noted rather than raised: in the middle of a drawing an exception can be swallowed. Raises
    KeyboardInterrupt after SIGINT.
    """
    out = console()
    with stopping() as stop, Live(console=out, screen=True, auto_refresh=False) as live:
        live.update(screenful(look(), out.height), refresh=True)
        while not stop.comes_within(PAUSE):
            live.update(screenful(look(), out.height), refresh=True)
    if stop.code:
        raise KeyboardInterrupt


def screenful(fleet: Fleet, height: int) -> Group:
    """As much of *fleet* as so many lines hold; what is longer for being wrapped, the terminal cuts."""
    shown = list(_fitting(fleet.found, height - _HEAD))
    total, there = _versions(fleet.found), _versions(shown)
    rest = "" if there == total else f", the first {there} of them shown: --status, --project or --text choose"
    head = f"{moment(fleet.at)}  {count(total, 'version')}{rest}"
    known = presence_line(fleet.presence, fleet.seen_at, fleet.at)
    lines = (Text(line, style="dim", no_wrap=True, overflow="ellipsis") for line in (head, known))
    parts = (folding(part) if isinstance(part, Table) else styled(part) for part in status_parts(shown, fleet.at))
    return Group(*lines, Text(), *parts)


def _fitting(found: Sequence[Watched], room: int) -> Iterator[Watched]:
    for watched in found:
        if room <= 0:
            return
        versions = watched.versions[: max(room - _AROUND + 1, 0)]
        room -= len(versions) + _AROUND
        yield replace(watched, versions=versions, left_out=len(watched.versions) - len(versions))


def _versions(found: Sequence[Watched]) -> int:
    return sum(len(watched.versions) for watched in found)
