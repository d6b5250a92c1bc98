"""What the page says, worked out: words, numbers, order and colours. Pure; the template only lays it out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

from monitor.domain.console import console_url
from monitor.domain.events import status_severity
from monitor.domain.severity import Severity
from monitor.domain.status import RUNNING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from monitor.domain.delivery import Message
    from monitor.domain.snapshot import Tracked
    from monitor.domain.status import Status
    from monitor.view import ProjectState

MOST_VERSIONS: Final = 500
"""Rows on the page; the API has all."""

_DAY: Final = 86400
_UNITS: Final = (("d", _DAY), ("h", 3600), ("min", 60), ("s", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time, exact for machines and pointers, relative for reading."""

    iso: str
    exact: str
    ago: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version; *tone* is the name of its colour."""

    name: str
    arn: str
    status: str
    tone: str
    since: Moment
    at_least: bool
    units: str
    f1: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectBlock:
    """One project and its versions."""

    name: str
    arn: str
    account_id: str
    region: str
    labels: Mapping[str, str]
    console_url: str | None
    fault: str | None
    hint: str
    failing_since: Moment | None
    last_success: Moment | None
    interval: str | None
    versions: tuple[VersionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event."""

    time: Moment
    severity: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The whole page.

    Attributes:
        wrong: What the monitor's own loops have to complain of.
        waiting: Projects that were not polled yet.
        hidden: Versions that there was no room for.
        events: Newest first; None when the database does not answer.
    """

    version: str
    now: Moment
    projects: int
    versions: int
    running: int
    units: int
    under_way: int
    failed: int
    unreachable: int
    waiting: int
    wrong: tuple[str, ...]
    blocks: tuple[ProjectBlock, ...]
    hidden: int
    events: tuple[EventRow, ...] | None


def overview(
    states: Sequence[ProjectState],
    *,
    health: Mapping[str, str | None],
    events: Sequence[Message] | None,
    now: datetime,
    version: str,
) -> Overview:
    """The page about *states* at *now*."""
    watched = {state.project.arn: _watched(state) for state in states}
    everything = [tracked for each in watched.values() for tracked in each]
    tones = Counter(tone(tracked.version.status) for tracked in everything)
    blocks = _blocks(states, watched, now)
    return Overview(
        version=version,
        now=moment(now, now),
        projects=len(states),
        versions=len(everything),
        running=tones["running"],
        units=sum(tracked.version.min_inference_units or 0 for tracked in everything if _runs(tracked)),
        under_way=tones["busy"],
        failed=tones["bad"],
        unreachable=sum(state.fault is not None for state in states),
        waiting=sum(not state.ready for state in states),
        wrong=tuple(f"{name}: {what}" for name, what in sorted(health.items()) if what is not None),
        blocks=blocks,
        hidden=len(everything) - sum(len(block.versions) for block in blocks),
        events=None if events is None else tuple(_event(message, now) for message in events),
    )


def tone(status: Status) -> str:
    """The colour of a status, which its word always stands beside."""
    if status == RUNNING:
        return "running"
    if status.transient:
        return "busy"
    if status_severity(status) >= Severity.ERROR:
        return "bad"
    if status_severity(status) is Severity.WARNING or not status.known:
        return "odd"
    return "idle"


def moment(when: datetime, now: datetime) -> Moment:
    """*when* as it is shown at *now*."""
    return Moment(
        iso=f"{when:%Y-%m-%dT%H:%M:%SZ}",
        exact=f"{when:%Y-%m-%d %H:%M:%S} UTC",
        ago=duration((now - when).total_seconds()),
    )


def duration(seconds: float) -> str:
    """The two largest units of a span of time: "3 d 4 h"; a negative one (clocks differ) is none."""
    left = max(int(seconds), 0)
    parts: list[str] = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break
    return " ".join(parts[:2]) or "0 s"


def _watched(state: ProjectState) -> list[Tracked]:
    return state.snapshot.watched(state.project) if state.snapshot else []


def _runs(tracked: Tracked) -> bool:
    return tracked.version.status == RUNNING


def _blocks(
    states: Iterable[ProjectState], watched: Mapping[str, list[Tracked]], now: datetime
) -> tuple[ProjectBlock, ...]:
    """Those that fail first, then by place and name; versions as long as there is room."""
    blocks: list[ProjectBlock] = []
    room = MOST_VERSIONS
    for state in sorted(states, key=_rank):
        if room <= 0 and state.fault is None:
            continue
        versions = watched[state.project.arn][: max(room, 0)]
        blocks.append(_block(state, versions, now))
        room -= max(len(versions), 1)
    return tuple(blocks[:MOST_VERSIONS])


def _rank(state: ProjectState) -> tuple[bool, str, str, str, str]:
    project = state.project
    return state.fault is None, project.account_id, project.region, project.name, project.arn


def _block(state: ProjectState, versions: Iterable[Tracked], now: datetime) -> ProjectBlock:
    project, fault = state.project, state.fault
    return ProjectBlock(
        name=project.name,
        arn=project.arn,
        account_id=project.account_id,
        region=project.region,
        labels=project.labels,
        console_url=console_url(project),
        fault=f"{fault.reason}: {fault.message}" if fault else None,
        hint=fault.hint if fault else "",
        failing_since=_maybe(state.failing_since, now),
        last_success=_maybe(state.last_success, now),
        interval=_span(state.interval),
        versions=tuple(_row(tracked, now) for tracked in versions),
    )


def _row(tracked: Tracked, now: datetime) -> VersionRow:
    version = tracked.version
    return VersionRow(
        name=version.name,
        arn=version.arn,
        status=version.status.word,
        tone=tone(version.status),
        since=moment(tracked.status_since, now),
        at_least=tracked.at_least,
        units=_units(version.min_inference_units, version.max_inference_units),
        f1="" if version.f1_score is None else f"{version.f1_score:.3f}",
        message=version.status_message or "",
    )


def _units(least: int | None, most: int | None) -> str:
    if least is None or most is None or least == most:
        return str(least or most or "")
    return f"{least} to {most}"


def _maybe(when: datetime | None, now: datetime) -> Moment | None:
    return moment(when, now) if when else None


def _span(interval: timedelta | None) -> str | None:
    return duration(interval.total_seconds()) if interval else None


def _event(message: Message, now: datetime) -> EventRow:
    document = orjson.loads(message.document)
    return EventRow(time=moment(message.time, now), severity=message.severity.word, summary=document["data"]["summary"])
