"""Points in time as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import click

from monitor.config.duration import parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HELP: Final = (
    "today, yesterday, now, a duration back from now (30m, 2h, 7d), a date (2026-11-01) or a time "
    "('2026-11-01 18:00'); UTC unless it says otherwise"
)


def parse_moment(text: str, now: datetime, option: str) -> datetime:
    """The UTC time that *text* means at *now*. Raises BadParameter, which names the *option*."""
    word = _WORDS.get(text.lower())
    if word is not None:
        return word(now)
    try:
        return now - parse_duration(text)
    except ValueError:
        given = _parse_time(text, option)
    except OverflowError:
        given = datetime.min.replace(tzinfo=UTC)
    return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


_WORDS: Final[Mapping[str, Callable[[datetime], datetime]]] = {
    "now": lambda now: now,
    "today": _midnight,
    "yesterday": lambda now: _midnight(now) - timedelta(days=1),
}


def _parse_time(text: str, option: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time; write {HELP}", param_hint=option) from None
