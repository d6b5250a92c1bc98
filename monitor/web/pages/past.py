"""What the pages read from the database. It may block; a database that does not answer leaves a page without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.domain.project import creation_time
from monitor.domain.timeline import Life, make_timeline
from monitor.web.pages.fleet import Past
from monitor.web.pages.one import HISTORY, Record
from monitor.web.pages.strips import RANGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitor.domain.delivery import Message
    from monitor.domain.timeline import Timeline
    from monitor.web.pages.entries import Entry
    from monitor.web.pages.happenings import EventWish
    from monitor.web.ports import Ports

LATEST: Final = 6
"""Events on the first page."""


def read_past(ports: Ports, shown: Sequence[Entry], reach: str, now: datetime) -> Past:
    """For the first page: the last events, the sinks, and the timelines of what is shown. Raises StateError."""
    since = now - RANGES[reach]
    return Past(
        events=ports.latest(LATEST),
        sinks=ports.sinks(),
        timelines=_timelines(ports, shown, since, now),
    )


def read_record(ports: Ports, arn: str, entry: Entry | None, reach: str, now: datetime) -> Record:
    """For the page of the version *arn*, which may be gone. Raises StateError."""
    since = now - RANGES[reach]
    records = ports.records
    events = records.about(arn, limit=HISTORY)
    project = entry.state.project.arn if entry else next((message.source for message in events), "")
    life = Life(
        created_at=(entry.version.created_at if entry and entry.version else creation_time(arn)),
        steps=records.steps([arn], since).get(arn, ()),
        tracked=entry.tracked if entry else None,
        watches=records.watches([project], since).get(project, ()) if project else (),
    )
    return Record(
        events=events,
        receipts=records.receipts(arn, limit=HISTORY * 10),
        timeline=make_timeline(life, since, now) if entry or events else None,
    )


def read_events(ports: Ports, wish: EventWish) -> Sequence[Message]:
    """For the page of events. Raises StateError."""
    return ports.records.events(wish.inquiry)


def _timelines(ports: Ports, shown: Sequence[Entry], since: datetime, until: datetime) -> Mapping[str, Timeline]:
    versions = {entry.tracked.version.arn: entry for entry in shown if entry.tracked}
    steps = ports.records.steps(list(versions), since)
    watches = ports.records.watches(list({entry.state.project.arn for entry in versions.values()}), since)
    return {
        arn: make_timeline(
            Life(
                created_at=entry.version.created_at if entry.version else None,
                steps=steps.get(arn, ()),
                tracked=entry.tracked,
                watches=watches.get(entry.state.project.arn, ()),
            ),
            since,
            until,
        )
        for arn, entry in versions.items()
    }
