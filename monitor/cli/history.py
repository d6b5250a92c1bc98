"""The stored events that a command is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from monitor.config.duration import parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.cli.ports import History
    from monitor.domain.delivery import Message

PAGE: Final = 1000
"""Events that are read at a time."""


def parse_since(text: str, now: datetime) -> datetime:
    """The UTC time that *text* means: a duration before *now*, a date, or a time. Raises BadParameter."""
    try:
        return now - parse_duration(text)
    except ValueError:
        given = _parse_time(text)
    except OverflowError:
        given = datetime.min.replace(tzinfo=UTC)
    return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)


def _parse_time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        hint = "write a duration (2h), a date (2026-11-01) or a time (2026-11-01T18:00Z)"
        raise click.BadParameter(f"{text!r} is no time; {hint}", param_hint="--since") from None


def newest_position(state: History) -> int:
    """Where the history ends now; 0 when it is empty."""
    return max((message.position for message in state.events(limit=1, newest_first=True)), default=0)


def past(state: History, *, project: str | None, since: datetime | None, limit: int | None) -> Iterator[list[Message]]:
    """The newest *limit* events, or all, in pages, in the order in which they were stored."""
    if limit is None:
        yield from _pages(state, after=0, project=project, since=since)
    elif limit:
        newest = state.events(limit=limit, since=since, project=project, newest_first=True)
        yield list(reversed(newest))


def follow(state: History, *, project: str | None, after: int, pause: Callable[[], None]) -> Iterator[list[Message]]:
    """The events beyond the position *after*, as they are stored; never ends. *pause* is called before each look."""
    while True:
        pause()
        for page in _pages(state, after=after, project=project, since=None):
            after = page[-1].position
            yield page


def _pages(state: History, *, after: int, project: str | None, since: datetime | None) -> Iterator[list[Message]]:
    while page := state.events(after=after, limit=PAGE, project=project, since=since):
        yield page
        after = page[-1].position
