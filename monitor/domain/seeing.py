"""When the monitor could see a project: the spans from one complete listing to another.

A listing is a look. Between two looks that follow each other as the cadence has it the project counts as seen; where
more time passed (the monitor was down, AWS did not answer), it does not, and a timeline has a gap there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_INTERVALS: Final = 2
"""A poll that fails once and succeeds when it is next due is no gap, nor is one that is somewhat late."""

_LEAST: Final = timedelta(seconds=10)
"""Where polls are a second apart, a busy machine is no gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A span in which a project was seen: the times of its first and its last complete listing."""

    began_at: datetime
    ended_at: datetime


def patience(interval: timedelta) -> timedelta:
    """How long after a look the next one still belongs to the same span, when *interval* is what the cadence has."""
    return max(_INTERVALS * interval, _LEAST)


def looked(last: Watch | None, at: datetime, allowed: timedelta) -> Watch:
    """The span that a look at *at* belongs to: *last*, longer, or another one when more than *allowed* has passed.

    A clock that went back ends no span and makes none shorter.
    """
    if last is None or at - last.ended_at > allowed:
        return Watch(began_at=at, ended_at=at)
    return replace(last, ended_at=max(last.ended_at, at))


def up_to(watches: Sequence[Watch], now: datetime, allowed: timedelta) -> tuple[Watch, ...]:
    """The spans, the last of them until *now* where the next look is not overdue: no more than *allowed* has passed."""
    if not watches or now - watches[-1].ended_at > allowed:
        return tuple(watches)
    return (*watches[:-1], replace(watches[-1], ended_at=max(now, watches[-1].ended_at)))
