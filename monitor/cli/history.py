"""The stored events that a command is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.cli.ports import History
    from monitor.domain.delivery import Message
    from monitor.domain.inquiry import Inquiry

PAGE: Final = 1000
"""Events that are read at a time."""


def past(state: History, wanted: Inquiry, limit: int | None) -> Iterator[Sequence[Message]]:
    """The newest *limit* events, or all, in pages, in the order in which they were stored."""
    if limit is None:
        yield from _pages(state, wanted)
    elif limit:
        yield list(reversed(state.events(replace(wanted, limit=limit, newest_first=True))))


def follow(state: History, wanted: Inquiry, pause: Callable[[], None]) -> Iterator[Sequence[Message]]:
    """The events beyond `wanted.after`, as they are stored; never ends. *pause* is called before each look."""
    while True:
        pause()
        for page in _pages(state, wanted):
            wanted = replace(wanted, after=page[-1].position)
            yield page


def _pages(state: History, wanted: Inquiry) -> Iterator[Sequence[Message]]:
    wanted = replace(wanted, limit=PAGE)
    while page := state.events(wanted):
        yield page
        wanted = replace(wanted, after=page[-1].position)
