"""The one look: what runs, what is under way, what failed, and whether the monitor itself is well. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.domain.project import EVERYTHING
from monitor.web.pages.moments import Moment, moment
from monitor.web.pages.rows import VersionRow, account_of, make_row
from monitor.web.pages.tones import BAD, BUSY, RUNS, tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitor.domain.standing import SinkState
    from monitor.view import ProjectState
    from monitor.web.pages.entries import Entry

MOST: Final = 4
"""Lines of a card; its head has the number of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The versions of one tone, those that changed last first."""

    count: int
    rows: tuple[VersionRow, ...]

    @property
    def more(self) -> int:
        """How many there was no room for."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultLine:
    """A fault that some projects of one account and region share."""

    where: str
    what: str
    hint: str
    since: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkLine:
    """A sink that does not accept what waits for it."""

    name: str
    state: str
    pending: int
    error: str
    oldest: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the monitor is.

    Attributes:
        wrong: What its loops have to complain of.
        last_poll: When a project last answered; *oldest_poll*, when the one did that has been silent for longest.
        unpolled: Projects that were not polled yet.
        pending: Deliveries that wait; None when the database does not answer.
        given_up: Deliveries that are dead, as long as their events are kept; it may be all right so.
        sinks: Those that fail or are stopped.
    """

    wrong: tuple[str, ...]
    projects: int
    last_poll: Moment | None
    oldest_poll: Moment | None
    unpolled: int
    faults: tuple[FaultLine, ...]
    more_faults: int
    pending: int | None
    given_up: int
    sinks: tuple[SinkLine, ...]

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.wrong or self.faults or self.pending is None or self.sinks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """The whole look."""

    versions: int
    projects: int
    units: int
    running: Card
    under_way: Card
    failed: Card
    health: Health


def glance(
    everything: Sequence[Entry],
    states: Sequence[ProjectState],
    *,
    faulty: Sequence[ProjectState],
    loops: Mapping[str, str | None],
    sinks: Sequence[SinkState] | None,
    now: datetime,
) -> Glance:
    """The look at *now*; *faulty* as `View.faulty`, *sinks* is None when the database does not answer."""
    by_tone: dict[str, list[Entry]] = {RUNS: [], BUSY: [], BAD: []}
    versions = 0
    for entry in everything:
        if entry.tracked is not None:
            versions += 1
            by_tone.get(tone(entry.tracked.version.status), []).append(entry)
    return Glance(
        versions=versions,
        projects=len(states),
        units=sum(entry.version.min_inference_units or 0 for entry in by_tone[RUNS] if entry.version),
        running=_card(by_tone[RUNS], now),
        under_way=_card(by_tone[BUSY], now),
        failed=_card(by_tone[BAD], now),
        health=_health(states, faulty, loops, sinks, now),
    )


def _card(entries: list[Entry], now: datetime) -> Card:
    known = [(entry, entry.tracked) for entry in entries if entry.tracked]
    latest = sorted(known, key=lambda pair: pair[1].status_since, reverse=True)[:MOST]
    return Card(count=len(entries), rows=tuple(make_row(entry, tracked, now) for entry, tracked in latest))


def _health(
    states: Sequence[ProjectState],
    faulty: Sequence[ProjectState],
    loops: Mapping[str, str | None],
    sinks: Sequence[SinkState] | None,
    now: datetime,
) -> Health:
    polls = [state.last_success for state in states if state.last_success]
    faults = _faults(faulty, now)
    return Health(
        wrong=tuple(f"{name}: {what}" for name, what in sorted(loops.items()) if what is not None),
        projects=len(states),
        last_poll=moment(max(polls), now) if polls else None,
        oldest_poll=moment(min(polls), now) if polls else None,
        unpolled=sum(not state.ready for state in states),
        faults=tuple(faults[:MOST]),
        more_faults=max(0, len(faults) - MOST),
        pending=None if sinks is None else sum(sink.standing.pending for sink in sinks),
        given_up=sum(sink.standing.dead for sink in sinks or ()),
        sinks=tuple(_sinks(sinks or (), now)),
    )


def _faults(states: Sequence[ProjectState], now: datetime) -> list[FaultLine]:
    """One line for what is the same in an account and region, those that last longest first."""
    alike: dict[tuple[str, ...], list[ProjectState]] = {}
    for state in states:
        if state.fault is not None:
            fault, project = state.fault, state.project
            key = (account_of(project), project.region, str(fault.reason), fault.message, fault.hint)
            alike.setdefault(key, []).append(state)
    oldest_first = sorted(alike.items(), key=lambda item: min((each.failing_since or now) for each in item[1]))
    return [_fault_line(key, group, now) for key, group in oldest_first]


def _fault_line(key: tuple[str, ...], group: list[ProjectState], now: datetime) -> FaultLine:
    account, region, reason, message, hint = key
    who = _who(group)
    began = [state.failing_since for state in group if state.failing_since]
    return FaultLine(
        where=f"{who} in {region}, account {account}",
        what=f"{reason}: {message}",
        hint=hint,
        since=moment(min(began), now) if began else None,
    )


def _who(group: Sequence[ProjectState]) -> str:
    projects = [state.project.name for state in group if not state.project.arn.endswith(EVERYTHING)]
    if not projects:
        return "the list of projects"
    return projects[0] if len(projects) == 1 else f"{len(projects)} projects"


def _sinks(sinks: Sequence[SinkState], now: datetime) -> list[SinkLine]:
    """The sinks that need somebody."""
    return [
        SinkLine(
            name=sink.name,
            state=sink.state,
            pending=sink.standing.pending,
            error=sink.standing.last_error or "",
            oldest=moment(sink.standing.oldest, now) if sink.standing.oldest else None,
        )
        for sink in sinks
        if sink.state in {"failing", "stopped"}
    ]
