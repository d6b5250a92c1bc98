"""The first page: the one look, what changed last, and the fleet. Pure; the template only lays it out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from monitor.web.pages.entries import find
from monitor.web.pages.glance import Glance, glance
from monitor.web.pages.options import Options, options_of
from monitor.web.pages.rows import ProjectHead, VersionRow, make_head, make_row
from monitor.web.pages.strips import Strip, strip
from monitor.web.pages.tellings import Telling, tell

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.domain.delivery import Message
    from monitor.domain.standing import SinkState
    from monitor.domain.timeline import Timeline
    from monitor.view import ProjectState
    from monitor.web.pages.entries import Entry
    from monitor.web.pages.wish import Selected, Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the database says; None where it does not answer.

    Attributes:
        events: The last ones, newest first.
        timelines: By the ARN of a version.
    """

    events: Sequence[Message] | None = None
    sinks: Sequence[SinkState] | None = None
    timelines: Mapping[str, Timeline] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lines that stand together; without a head where the order is not that of the projects."""

    key: str
    head: ProjectHead | None
    rows: tuple[VersionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPage:
    """The whole page; *events* is None when the database does not answer."""

    wish: Wish
    glance: Glance
    events: tuple[Telling, ...] | None
    options: Options
    groups: tuple[Group, ...]
    found: str
    units: str
    page: int
    pages: int


def fleet_page(
    states: Sequence[ProjectState],
    wish: Wish,
    selected: Selected,
    past: Past,
    *,
    faulty: Sequence[ProjectState],
    loops: Mapping[str, str | None],
    now: datetime,
) -> FleetPage:
    """The page about *states* at *now*; *faulty* as `View.faulty`, *loops* says what is wrong with the monitor."""
    look = glance(selected.everything, states, faulty=faulty, loops=loops, sinks=past.sinks, now=now)
    return FleetPage(
        wish=wish,
        glance=look,
        events=None if past.events is None else tuple(tell(message, now) for message in past.events),
        options=options_of(selected.everything, states),
        groups=tuple(_groups(wish, selected, past.timelines or {}, _known_sources(states, selected), now)),
        found=_found(selected.found, look),
        units=_units(look.units) if look.units else "",
        page=selected.page,
        pages=selected.pages,
    )


def _known_sources(states: Sequence[ProjectState], selected: Selected) -> set[str]:
    """What versions that are shown were copied from, as far as that is watched."""
    sources = {entry.version.source_project_version_arn for entry in selected.shown if entry.version}
    return {arn for arn in sources if arn and find(states, arn)}


def _groups(
    wish: Wish, selected: Selected, timelines: Mapping[str, Timeline], known: Container[str], now: datetime
) -> Iterator[Group]:
    if not wish.order.grouped:
        rows = _rows(selected.shown, timelines, known, now)
        if rows:
            yield Group(key="all", head=None, rows=rows)
        return
    for _, entries in groupby(selected.shown, key=lambda entry: entry.state.project.arn):
        lines = list(entries)
        head = make_head(lines[0].state, now)
        yield Group(key=f"g-{head.key}", head=head, rows=_rows(lines, timelines, known, now))


def _rows(
    entries: Sequence[Entry], timelines: Mapping[str, Timeline], known: Container[str], now: datetime
) -> tuple[VersionRow, ...]:
    found = ((entry, entry.tracked) for entry in entries if entry.tracked)
    return tuple(
        make_row(entry, tracked, now, strip=_strip(timelines.get(tracked.version.arn), now), known=known)
        for entry, tracked in found
    )


def _strip(timeline: Timeline | None, now: datetime) -> Strip | None:
    return strip(timeline, now) if timeline else None


def _units(count: int) -> str:
    return f"{count} inference unit{'' if count == 1 else 's'}"


def _found(found: int, look: Glance) -> str:
    """How much is shown of how much."""
    projects = f"{look.projects} project{'' if look.projects == 1 else 's'}"
    if found == look.versions:
        return f"{found} version{'' if found == 1 else 's'} in {projects}"
    return f"{found} of {look.versions} versions"
