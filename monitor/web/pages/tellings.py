"""Stored events as people read them. Pure; a document that lacks something loses only that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from monitor.domain.document import parse_time
from monitor.domain.events import EventType
from monitor.domain.project import is_version_arn
from monitor.domain.status import parse_status
from monitor.web.pages.links import version_link
from monitor.web.pages.moments import Moment, moment
from monitor.web.pages.rows import StatusMark
from monitor.web.pages.tones import SEVERITIES, tone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.domain.delivery import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One event.

    Attributes:
        kind: The last word of its type.
        tone: Of its severity.
        name: The version's or project's; *link*, its page, empty where it has none.
        before: The status that a change was from.
        after: The status that it has now, or had last.
        note: What is odd about it: statuses that were skipped, say.
        message: What AWS says of the status.
        observed_after: The last poll that saw the old state; *observed_by*, the first that saw the new one.
    """

    key: str
    position: int
    id: str
    time: Moment
    kind: str
    severity: str
    tone: str
    summary: str
    name: str
    project: str
    link: str
    before: StatusMark | None
    after: StatusMark | None
    note: str
    message: str
    observed_after: Moment | None
    observed_by: Moment | None


def tell(message: Message, now: datetime) -> Telling:
    """What *message* says."""
    data = _mapping(orjson.loads(message.document).get("data"))
    version, project = _mapping(data.get("version")), _mapping(data.get("project"))
    return Telling(
        key=f"e{message.position}",
        position=message.position,
        id=message.id,
        time=moment(message.time, now),
        kind=message.type.value.rpartition(".")[2].replace("_", " "),
        severity=message.severity.word,
        tone=SEVERITIES[message.severity],
        summary=_text(data, "summary"),
        name=_text(version, "name") or _text(project, "name"),
        project=_text(project, "name"),
        link=version_link(message.subject) if is_version_arn(message.subject) else "",
        before=_status(data.get("from")),
        after=_status(version.get("status")),
        note=_note(message.type, data),
        message=_text(version, "status_message"),
        observed_after=_time(data, "observed_after", now),
        observed_by=_time(data, "observed_by", now),
    )


def _note(kind: EventType, data: Mapping[str, Any]) -> str:
    if kind is EventType.VERSION_UPDATED:
        return f"changed {', '.join(sorted(_mapping(data.get('changed'))))}"
    if data.get("move") == "unexpected":
        return "unexpected"
    via = data.get("via")
    return f"skipped {', '.join(map(str, via))}" if isinstance(via, list) and via else ""


def _status(word: object) -> StatusMark | None:
    return StatusMark(word=word, tone=tone(parse_status(word))) if isinstance(word, str) else None


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""


def _time(document: Mapping[str, Any], name: str, now: datetime) -> Moment | None:
    try:
        return moment(parse_time(document[name]), now)
    except (KeyError, TypeError, ValueError):
        return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
