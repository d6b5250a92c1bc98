"""Timelines as they are drawn: places and widths in percent, words for those who do not see them. Pure.

The templates make SVG of them (`macros.html`): bars differ in height and pattern besides their colour.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from monitor.domain.lifecycle import MoveKind
from monitor.domain.status import parse_status
from monitor.web.pages.moments import Moment, duration, moment
from monitor.web.pages.tones import tone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from monitor.domain.step import Step
    from monitor.domain.timeline import Mark, Span, Timeline

GAP: Final = "gap"
UNSEEN: Final = "not seen"

RANGES: Final[Mapping[str, timedelta]] = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
"""How far back a timeline goes, by the word in the address."""

USUAL_RANGE: Final = "24h"

RANGE_WORDS: Final[Mapping[str, str]] = {"1h": "1 hour", "24h": "24 hours", "7d": "7 days", "30d": "30 days"}

_TICKS: Final[Mapping[timedelta, tuple[timedelta, str]]] = {
    RANGES["1h"]: (timedelta(minutes=15), "%H:%M"),
    RANGES["24h"]: (timedelta(hours=6), "%H:%M"),
    RANGES["7d"]: (timedelta(days=1), "%d %b"),
    RANGES["30d"]: (timedelta(days=7), "%d %b"),
}
"""How far apart the marks of the axis are, and how they read."""

_LEAST: Final = 0.15
"""Percent: what is shorter is drawn so long, for it happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One span, with its words."""

    x: str
    width: str
    tone: str
    word: str
    title: str
    start: Moment
    end: Moment
    lasted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A transition between whose ends a status was skipped, or that could not be expected."""

    x: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A time on the axis."""

    x: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A timeline, ready to draw; *summary* says the same in words."""

    bars: tuple[Bar, ...]
    flags: tuple[Flag, ...]
    ticks: tuple[Tick, ...]
    summary: str


def strip(timeline: Timeline, now: datetime) -> Strip:
    """How *timeline* is drawn."""
    flags = tuple(_flags(timeline))
    return Strip(
        bars=tuple(_bar(timeline, span, now) for span in timeline.spans),
        flags=flags,
        ticks=tuple(_ticks(timeline)),
        summary=_summary(timeline, len(flags)),
    )


def note_of(step: Step) -> str | None:
    """What is odd about a transition, in words; None for a direct one."""
    if step.move == MoveKind.SKIPPED.value:
        return f"skipped {', '.join(step.via)}"
    return "unexpected" if step.move == MoveKind.UNEXPECTED.value else None


def _bar(timeline: Timeline, span: Span, now: datetime) -> Bar:
    word = span.status or UNSEEN
    start, end = moment(span.start, now), moment(span.end, now)
    lasted = duration((span.end - span.start).total_seconds())
    left, right = _percent(timeline, span.start), _percent(timeline, span.end)
    return Bar(
        x=f"{left:.2f}%",
        width=f"{max(right - left, _LEAST):.2f}%",
        tone=tone(parse_status(span.status)) if span.status else GAP,
        word=word,
        title=f"{word} for {lasted}, {start.exact} to {end.exact}",
        start=start,
        end=end,
        lasted=lasted,
    )


def _flags(timeline: Timeline) -> Iterator[Flag]:
    for mark in timeline.marks:
        note = note_of(mark.step)
        if note:
            yield Flag(x=f"{_percent(timeline, mark.at):.2f}%", title=_flag_title(mark, note))


def _flag_title(mark: Mark, note: str) -> str:
    return f"{mark.step.before} to {mark.step.status}: {note}"


def _ticks(timeline: Timeline) -> Iterator[Tick]:
    step, form = _TICKS.get(timeline.until - timeline.since, (None, ""))
    if step is None:
        return
    at = timeline.since.replace(hour=0, minute=0, second=0, microsecond=0)
    while at < timeline.until:
        percent = _percent(timeline, at)
        if 1 < percent < 94:  # noqa: PLR2004 - a word has to fit between it and the edge
            yield Tick(x=f"{percent:.2f}%", word=at.strftime(form))
        at += step


def _percent(timeline: Timeline, at: datetime) -> float:
    return (at - timeline.since) / (timeline.until - timeline.since) * 100


def _summary(timeline: Timeline, flags: int) -> str:
    """Each status with how long it lasted in all, the longest first."""
    lengths: defaultdict[str, float] = defaultdict(float)
    for span in timeline.spans:
        lengths[span.status or UNSEEN] += (span.end - span.start).total_seconds()
    parts = [f"{word} {duration(length)}" for word, length in sorted(lengths.items(), key=lambda item: -item[1])]
    if flags:
        parts.append(f"{flags} skipped or unexpected transition{'s' if flags > 1 else ''}")
    return ", ".join(parts) or "nothing known"
