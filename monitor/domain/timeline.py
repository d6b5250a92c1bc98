"""One version's statuses over a time, as spans to draw, with gaps where the monitor could not see.

A status is known from when it began to be seen until it was seen to have ended; it is shown where the project was
looked at meanwhile, and where AWS's own times (the start and the end of a training) say that it was so. Everything else
is a gap: the version was there, what it was is not known. Before its creation and after its end there is no span.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from monitor.domain.seeing import Watch
    from monitor.domain.snapshot import Tracked
    from monitor.domain.step import Step


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which the version had one status; None where the monitor could not see which. *start* < *end*."""

    status: str | None
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """The moment of a step: when it happened or was first seen, and what it was."""

    at: datetime
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A window, its spans without a hole between the first and the last, and the steps in it, all in order of time."""

    since: datetime
    until: datetime
    spans: tuple[Span, ...] = ()
    marks: tuple[Mark, ...] = ()

    def status_at(self, moment: datetime) -> str | None:
        """The status word at that time; None where it is not known or there was no version."""
        return next((span.status for span in self.spans if span.start <= moment < span.end), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What is known of one version.

    Attributes:
        created_at: Before it there is nothing; None where it is not known.
        steps: In the order of the history. Older ones may have been pruned; those in the window must be whole.
        tracked: As it is now; None when it is gone.
        watches: When its project was seen, in order of time.
    """

    created_at: datetime | None = None
    steps: Sequence[Step] = ()
    tracked: Tracked | None = None
    watches: Sequence[Watch] = ()


def make_timeline(life: Life, since: datetime, until: datetime) -> Timeline:
    """The timeline of *life* from *since* to *until*. Raises ValueError where that is no time."""
    if since >= until:
        raise ValueError(f"a timeline from {since} to {until} has no length")
    seen = [Span(None, watch.began_at, watch.ended_at) for watch in life.watches]
    shown = [part for known in _known(life, until) for part in _seen(known, seen)]
    begin, end = _lifetime(life, shown, since, until)
    spans = _filled(_joined(_clipped(shown, begin, end)), begin, end)
    marks = (Mark(step.at, step) for step in life.steps if since <= step.at <= until)
    return Timeline(since=since, until=until, spans=tuple(spans), marks=tuple(marks))


@dataclass(frozen=True, slots=True)
class _Known:
    """A status and the time in which the version had it, as far as it was looked at; *certain* until then anyway."""

    span: Span
    certain: datetime | None = None


def _known(life: Life, until: datetime) -> Iterator[_Known]:
    """What each step says of the time until the next, and the present of the time since the last."""
    steps = life.steps
    if steps and steps[0].before is not None and _began(life) < steps[0].ended:
        yield _Known(Span(steps[0].before, _began(life), steps[0].ended))
    for step, following in pairwise(steps):
        if step.status is not None and step.status == following.before:
            yield _between(step, following)
    yield from _present(life, until)


def _present(life: Life, until: datetime) -> Iterator[_Known]:
    last = life.steps[-1] if life.steps else None
    if life.tracked is None:
        return
    word, since = life.tracked.version.status.word, life.tracked.status_since
    if last is not None and last.status == word:
        yield _after(last, max(until, last.at))
    elif since < until:
        yield _Known(Span(word, since, until), certain=None if life.tracked.at_least else _first_look(life, since))


def _between(step: Step, following: Step) -> _Known:
    """What a step began and the next one ended. Where AWS dates the end, it was so until then, looked at or not."""
    known = _after(step, following.ended)
    dated = following.move == "direct" and following.at < following.by
    return replace(known, certain=following.at) if dated else known


def _after(step: Step, end: datetime) -> _Known:
    """The status that a step began. What AWS dates before the window of the step was so from that date on."""
    start = min(step.since, step.at) if step.since is not None else step.at
    return _Known(Span(step.status, start, end), certain=step.by)


def _began(life: Life) -> datetime:
    """When there can first have been a status to see."""
    looks = [watch.began_at for watch in life.watches]
    return max([*looks[:1], *([life.created_at] if life.created_at else [])], default=life.steps[0].at)


def _first_look(life: Life, since: datetime) -> datetime | None:
    """The first look at or after *since*: what AWS dates was so until then."""
    looks = (watch.began_at for watch in life.watches if watch.ended_at >= since)
    return max(since, next(looks, since))


def _seen(known: _Known, seen: Iterable[Span]) -> Iterator[Span]:
    """The parts of it that were looked at, or are certain."""
    span = known.span
    parts = [Span(span.status, max(span.start, each.start), min(span.end, each.end)) for each in seen]
    if known.certain is not None:
        parts.append(Span(span.status, span.start, min(span.end, known.certain)))
    yield from (part for part in parts if part.start < part.end)


def _lifetime(life: Life, shown: Sequence[Span], since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """From the version's creation to its end, as far as the window goes."""
    last = life.steps[-1] if life.steps else None
    first = [span.start for span in shown] + [step.at for step in life.steps[:1]]
    begin = life.created_at or min(first, default=until)
    end = last.ended if life.tracked is None and last is not None else until
    return max(since, min([begin, *first])), min(until, end)


def _clipped(spans: Iterable[Span], begin: datetime, end: datetime) -> list[Span]:
    cut = (Span(span.status, max(span.start, begin), min(span.end, end)) for span in spans)
    return sorted((span for span in cut if span.start < span.end), key=lambda span: (span.start, span.end))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans that touch and have one status as one; of those that overlap the later one begins where the first ends."""
    last: Span | None = None
    for span in spans:
        if last is None:
            last = span
        elif span.status == last.status and span.start <= last.end:
            last = Span(last.status, last.start, max(last.end, span.end))
        elif span.end > last.end:
            yield last
            last = Span(span.status, max(span.start, last.end), span.end)
    if last is not None:
        yield last


def _filled(spans: Iterable[Span], begin: datetime, end: datetime) -> Iterator[Span]:
    """The spans with gaps between them."""
    at = begin
    for span in spans:
        if at < span.start:
            yield Span(None, at, span.start)
        yield span
        at = span.end
    if at < end:
        yield Span(None, at, end)
