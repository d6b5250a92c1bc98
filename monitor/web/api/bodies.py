"""What each address answers, as JSON text. Some read the database, and may raise StateError."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.exceptions import HTTPException

from monitor.domain.console import console_url
from monitor.domain.document import format_time
from monitor.domain.events import version_document
from monitor.domain.project import is_version_arn
from monitor.web.api import parameters
from monitor.web.api.asked import RefusedParametersError
from monitor.web.api.choice import Choice, choice_of
from monitor.web.api.documents import (
    encode,
    events_text,
    fault_entry,
    joined,
    placed,
    project_entry,
    receipt_entry,
    sink_entry,
    version_entry,
)
from monitor.web.api.events import inquiry_of, next_position
from monitor.web.api.lives import past_timelines, timelines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.domain.delivery import Message
    from monitor.view import View
    from monitor.web.api.asked import Asked
    from monitor.web.api.lives import Pair
    from monitor.web.ports import Ports

_DAY: Final = timedelta(days=1)


def projects(ports: Ports, asked: Asked) -> bytes:
    """Every project that fits and how its polls go."""
    states = choice_of(asked, versions=False).states(ports.view.states())
    return encode({"projects": [project_entry(state) for state in states]})


def faults(ports: Ports, asked: Asked) -> bytes:
    """The projects that fit and whose last poll failed, and the places there whose projects cannot be listed."""
    states = choice_of(asked, versions=False).states(ports.view.faulty())
    return encode({"faults": [fault_entry(state) for state in states]})


def versions(ports: Ports, asked: Asked) -> bytes:
    """The watched versions that fit, in the order of their ARNs."""
    chosen, following = _page(ports.view, asked, choice_of(asked, versions=True), parameters.VERSIONS_LIMIT)
    return encode({"versions": [version_entry(*pair) for pair in chosen], "next": following})


def version(ports: Ports, asked: Asked) -> bytes:
    """One version, watched or gone, its history and its deliveries. Raises HTTPException 404."""
    arn, limit = asked.path(parameters.ARN), asked.number(parameters.LIMIT) or 0
    told = ports.records.about(arn, limit=limit) if is_version_arn(arn) else ()
    entry = _watched(ports.view, arn) or _remembered(told)
    if entry is None:
        raise HTTPException(404, f"nothing is known of a version {arn!r}")
    receipts = ports.records.receipts(arn, limit=limit)
    more = encode({"deliveries": [receipt_entry(receipt) for receipt in receipts]})
    return b'%b,"history":[%b],%b' % (encode(entry)[:-1], joined(told), more[1:])


def events(ports: Ports, asked: Asked) -> bytes:
    """The stored events that fit."""
    inquiry = inquiry_of(asked)
    found = ports.records.events(inquiry)
    return events_text(found, next_position(inquiry, found))


def sinks(ports: Ports, _: Asked) -> bytes:
    """Every sink and how it stands."""
    return encode({"sinks": [sink_entry(state) for state in ports.sinks()]})


def timeline(ports: Ports, asked: Asked) -> bytes:
    """The statuses of the versions that fit. Raises RefusedParametersError."""
    now = ports.clock()
    until = min(asked.moment(parameters.UNTIL) or now, now)  # nobody sees the future, and that is no gap
    since = _since(asked, until)
    chosen, following = _page(ports.view, asked, choice_of(asked, versions=True), parameters.LIMIT)
    known = {tracked.version.arn for _, tracked in chosen}
    gone = [arn for arn in asked.texts(parameters.VERSION) if arn not in known and _watched(ports.view, arn) is None]
    entries = timelines(chosen, ports.records, since=since, until=until, now=now)
    past = past_timelines(gone, ports.records, since=since, until=until)
    return encode(
        {
            "since": format_time(since),
            "until": format_time(until),
            "timelines": [*entries, *past],
            "next": following,
        }
    )


def _since(asked: Asked, until: datetime) -> datetime:
    since = asked.moment(parameters.SINCE) or _day_before(until)
    if since >= until:
        what = f"since is {format_time(since)}: it has to be before until, {format_time(until)}"
        raise RefusedParametersError([(parameters.SINCE.name, what)])
    return since


def _day_before(until: datetime) -> datetime:
    try:
        return until - _DAY
    except OverflowError:
        return until


def _page(view: View, asked: Asked, choice: Choice, limit: parameters.Parameter) -> tuple[list[Pair], str | None]:
    """The versions that fit beyond `after`, and the ARN to go on after; None where there are no more."""
    after, most = asked.text(parameters.AFTER_ARN) or "", asked.number(limit) or 0
    rest = [pair for pair in choice.tracked(view.states()) if pair[1].version.arn > after]
    page = rest[:most]
    return page, page[-1][1].version.arn if len(rest) > most else None


def _watched(view: View, arn: str) -> dict[str, Any] | None:
    """What is shown of a version that is watched."""
    for state in view.states():
        tracked = state.snapshot.versions.get(arn) if state.snapshot else None
        if tracked is not None and state.project.watches(tracked.version.name):
            more = {"console_url": console_url(state.project), "watched": True}
            return {**placed(state.project), "version": version_document(tracked), **more}
    return None


def _remembered(told: Sequence[Message]) -> dict[str, Any] | None:
    """What the last event about a version says that is watched no longer."""
    if not told:
        return None
    data = orjson.loads(told[0].document)["data"]
    names = ("account_id", "region", "project", "version", "console_url")
    return {**{name: data[name] for name in names}, "watched": False}
