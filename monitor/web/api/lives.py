"""The timelines of the versions that a request chose. Reads the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from monitor.domain.document import parse_time
from monitor.domain.project import creation_time, is_version_arn
from monitor.domain.seeing import patience, up_to
from monitor.domain.timeline import Life, make_timeline
from monitor.web.api.documents import placed, timeline_entry, version_entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.domain.delivery import Message
    from monitor.domain.seeing import Watch
    from monitor.domain.snapshot import Tracked
    from monitor.domain.step import Step
    from monitor.view import ProjectState
    from monitor.web.ports import Records

Pair = tuple["ProjectState", "Tracked"]


def timelines(
    chosen: Sequence[Pair], records: Records, *, since: datetime, until: datetime, now: datetime
) -> list[dict[str, Any]]:
    """The entry of each of the *chosen*, in their order. Raises StateError."""
    steps = records.steps([tracked.version.arn for _, tracked in chosen], since)
    watches = records.watches({state.project.arn for state, _ in chosen}, since)
    seen = {state.project.arn: _seen(state, watches.get(state.project.arn, ()), now) for state, _ in chosen}
    return [
        timeline_entry(
            placed(state.project),
            version_entry(state, tracked)["version"],
            make_timeline(_life(tracked, steps, seen[state.project.arn]), since, until),
        )
        for state, tracked in chosen
    ]


def past_timelines(
    arns: Sequence[str], records: Records, *, since: datetime, until: datetime
) -> Iterator[dict[str, Any]]:
    """The entries of versions that are watched no longer, those of which something is stored. Raises StateError."""
    for arn in arns:
        told = records.about(arn, limit=1) if is_version_arn(arn) else ()
        if told:
            yield _past(arn, told[0], records, since, until)


def _past(arn: str, last: Message, records: Records, since: datetime, until: datetime) -> dict[str, Any]:
    data = orjson.loads(last.document)["data"]
    watches = records.watches([last.source], since).get(last.source, ())
    steps = records.steps([arn], since).get(arn, ())
    life = Life(created_at=_created_at(arn, data), steps=steps, watches=watches)
    place = {name: data[name] for name in ("account_id", "region", "project")}
    return timeline_entry(place, data["version"], make_timeline(life, since, until))


def _created_at(arn: str, data: Mapping[str, Any]) -> datetime | None:
    text = data["version"].get("creation_timestamp")
    return parse_time(text) if text else creation_time(arn)


def _life(tracked: Tracked, steps: Mapping[str, Sequence[Step]], seen: Sequence[Watch]) -> Life:
    version = tracked.version
    return Life(created_at=version.created_at, steps=steps.get(version.arn, ()), tracked=tracked, watches=seen)


def _seen(state: ProjectState, watches: Sequence[Watch], now: datetime) -> Sequence[Watch]:
    """The present is seen, too, unless polls fail or the next one is overdue."""
    if state.fault is not None or state.interval is None:
        return watches
    return up_to(watches, now, patience(state.interval))
