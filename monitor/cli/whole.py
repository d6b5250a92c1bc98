"""Everything that the database knows of one version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

import orjson

from monitor.domain.document import version_from_document
from monitor.domain.events import EventType
from monitor.domain.inquiry import Inquiry
from monitor.domain.seeing import patience, up_to
from monitor.domain.timeline import Life, make_timeline
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.cli.ports import Records
    from monitor.cli.watched import Fleet
    from monitor.domain.delivery import Message
    from monitor.domain.project import Project
    from monitor.domain.receipt import Receipt
    from monitor.domain.seeing import Watch
    from monitor.domain.snapshot import Tracked
    from monitor.domain.timeline import Timeline
    from monitor.domain.version import Version

MOST: Final = 20
"""Events and deliveries that are shown, the newest."""

_WRITTEN_EVERY: Final = timedelta(minutes=1)
"""How long the daemon may keep to itself that it has looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One version.

    Attributes:
        version: As AWS described it last.
        tracked: As it is now; None when it is gone.
        events: About it, the newest last.
        receipts: What became of its deliveries, the newest first.
    """

    project: Project
    version: Version
    tracked: Tracked | None
    timeline: Timeline
    events: tuple[Message, ...]
    receipts: tuple[Receipt, ...]


def read_whole(fleet: Fleet, name: str, records: Records, *, window: timedelta, interval: timedelta) -> Whole:
    """The version of *fleet*, or one that is gone from it, that *name* (which may be an ARN) means.

    Args:
        fleet: What there is.
        name: The version's.
        records: The history.
        window: The length of the timeline, which ends now.
        interval: How often projects are polled that have no interval of their own.

    Raises:
        UsageError: There is no such version, or there are several.
    """
    project, version, tracked = _present(fleet, name) or _gone(fleet, name, records)
    since = fleet.at - window
    life = Life(
        created_at=version.created_at,
        steps=records.steps([version.arn], since).get(version.arn, ()),
        tracked=tracked,
        watches=_watches(fleet, records, project, since, project.interval or interval),
    )
    return Whole(
        project=project,
        version=version,
        tracked=tracked,
        timeline=make_timeline(life, since, fleet.at),
        events=tuple(reversed(records.about(version.arn, limit=MOST))),
        receipts=tuple(records.receipts(version.arn, limit=MOST)),
    )


_Found = tuple["Project", "Version", "Tracked | None"]


def _present(fleet: Fleet, name: str) -> _Found | None:
    found = [
        (watched.project, tracked.version, tracked)
        for watched in fleet.found
        for tracked in watched.versions
        if name in (tracked.version.name, tracked.version.arn)
    ]
    if len(found) > 1:
        arns = ", ".join(version.arn for _, version, _ in found)
        raise UsageError(f"several versions are called {name!r}; name one by its ARN: {arns}")
    return found[0] if found else None


def _gone(fleet: Fleet, name: str, records: Records) -> _Found:
    """The last one of that name that the history has."""
    projects = {watched.project.arn: watched.project for watched in fleet.found}
    wanted = Inquiry(versions=(name,), types=(EventType.VERSION_DISAPPEARED,), newest_first=True)
    for message in records.events(wanted):
        if message.source in projects:
            data = orjson.loads(message.document)["data"]
            return projects[message.source], version_from_document(data["version"]), None
    raise UsageError(f"no version is called {name!r}{_alike(fleet, name)}")


def _alike(fleet: Fleet, name: str) -> str:
    names = {tracked.version.name for watched in fleet.found for tracked in watched.versions}
    alike = get_close_matches(name, sorted(names))
    return f"; there are: {', '.join(alike)}" if alike else "; `status` without one shows all"


def _watches(fleet: Fleet, records: Records, project: Project, since: datetime, interval: timedelta) -> Sequence[Watch]:
    written = records.watches([project.arn], since).get(project.arn, ())
    if not fleet.presence.running:
        return written
    return up_to(written, fleet.at, patience(interval) + _WRITTEN_EVERY)
