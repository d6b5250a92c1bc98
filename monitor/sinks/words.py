"""What an event says to people: a title and labelled lines, made of the event's document alone.

What a line needs is looked for in the document, not in the type, so that a type of event that comes later, or one of an
older version that still waits in the outbox, is told by what it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from monitor.domain.diagram import MEANINGS
from monitor.domain.events import EventType
from monitor.domain.severity import Severity
from monitor.domain.status import parse_status
from monitor.sinks.phrases import (
    difference,
    moment,
    plain,
    shortened,
    shortened_within,
    span,
    units,
    value_phrase,
    without_markup,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.domain.status import Status

LONGEST_TITLE: Final = 140
"""Characters; Slack's headers take 150."""

_LONGEST_NAME: Final = 40
"""In a title; AWS allows 255, and a title that ends before it has said what happened says nothing."""
_MOST_CHANGES: Final = 8

_MEANINGS: Final[Mapping[str, str]] = {
    EventType.VERSION_DISAPPEARED: "AWS does not list it any more",
    EventType.PROJECT_APPEARED: "a new project; it is watched from now on",
    EventType.PROJECT_DISAPPEARED: "AWS does not list the project any more",
    EventType.PROJECT_UNREACHABLE: "changes are not seen until it answers again",
    EventType.PROJECT_RECOVERED: "changes are seen again, and those of the meantime are told",
}
_WITH_STATUS: Final = frozenset({EventType.VERSION_APPEARED, EventType.VERSION_STATUS_CHANGED})
"""Types whose news is the status, so that what the status means is what the event means."""
_UNKNOWN_STATUS: Final = "a status that this program does not know; see AWS's documentation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fact.

    Attributes:
        label: What it is about.
        value: Harmless in plain text; Markdown has to be escaped.
        essential: Stays when the message has to be short.
        link: The value is an address.
    """

    label: str
    value: str
    essential: bool = False
    link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One event in words.

    Attributes:
        title: At most `LONGEST_TITLE` characters, none of which is markup anywhere.
    """

    title: str
    severity: Severity
    lines: tuple[Line, ...]


def note(document: Mapping[str, Any]) -> Note:
    """The words of one event, given as its CloudEvent document."""
    severity = Severity.parse(document.get("severity", "info"))
    return Note(title=_title(document, severity), severity=severity, lines=tuple(_lines(document, severity)))


def _title(document: Mapping[str, Any], severity: Severity) -> str:
    """The event's summary behind its severity, with long names shortened and without a fault's long message."""
    loud = f"{severity.name}: " if severity > Severity.INFO else ""
    return shortened(f"{loud}{without_markup(_headline(document))}", LONGEST_TITLE)


def _headline(document: Mapping[str, Any]) -> str:
    data = document["data"]
    said = str(data.get("summary", document["type"]))
    said = said.removesuffix(f": {(data.get('fault') or {}).get('message')}").replace(" -> ", " → ")
    for thing in ("project", "version"):
        name = (data.get(thing) or {}).get("name") or ""
        said = said.replace(name, shortened_within(name, _LONGEST_NAME)) if name else said
    return plain(said)


def _lines(document: Mapping[str, Any], severity: Severity) -> Iterator[Line]:
    data = document["data"]
    version = data.get("version") or {}
    if len(_headline(document)) > LONGEST_TITLE:
        yield Line(label="In full", value=_headline(document), essential=True)
    yield from _meaning(document["type"], version)
    yield from _since(data, version)
    yield from _said(document["type"], data, version)
    yield from _training(document["type"], data, version)
    yield from _hosting(document["type"], version)
    yield from _course(data)
    yield from _changes(document["type"], data)
    yield from _fault(data)
    yield Line(label="Severity", value=severity.word)
    yield from _where(data, version)


def _meaning(event_type: str, version: Mapping[str, Any]) -> Iterator[Line]:
    if event_type in _WITH_STATUS and version.get("status"):
        status = parse_status(version["status"])
        yield Line(label="Means", value=MEANINGS.get(status, _UNKNOWN_STATUS), essential=True)
    elif event_type in _MEANINGS:
        lost = event_type == EventType.VERSION_DISAPPEARED and _status(version).billed
        yield Line(
            label="Means", value=_MEANINGS[event_type] + (", and it was RUNNING" if lost else ""), essential=True
        )


def _since(data: Mapping[str, Any], version: Mapping[str, Any]) -> Iterator[Line]:
    """Since when the status has been there, or the fault; and between which polls it was found."""
    since = version.get("status_since") or data.get("since")
    if since:
        label = f"{plain(version['status'])} since" if version.get("status") else "Unreachable since"
        earlier = " or earlier" if version.get("status_since_at_least") else ""
        yield Line(label=label, value=moment(since) + earlier, essential=True)
    if data.get("observed_after") and data.get("observed_by"):
        yield Line(label="Seen", value=f"between {moment(data['observed_after'])} and {moment(data['observed_by'])}")


def _said(event_type: str, data: Mapping[str, Any], version: Mapping[str, Any]) -> Iterator[Line]:
    """AWS's words about the status, where that is the news, or about the fault."""
    source = version if event_type in _WITH_STATUS else {}
    message = source.get("status_message") or (data.get("fault") or {}).get("message")
    if message:
        yield Line(label="Message", value=plain(message), essential=True)


def _training(event_type: str, data: Mapping[str, Any], version: Mapping[str, Any]) -> Iterator[Line]:
    """What a training that ended came to, when the event is about its end or about these figures."""
    changed = data.get("changed") or {}
    ended = event_type in _WITH_STATUS and _status(version) == parse_status("TRAINING_COMPLETED")
    score, billed = version.get("f1_score"), version.get("billable_training_time_in_seconds")
    if score is not None and (ended or "f1_score" in changed):
        before = (changed.get("f1_score") or [None])[0]
        yield Line(label="F1 score", value=f"{score:g}{difference(score, before)}")
    if billed is not None and (ended or "billable_training_time_in_seconds" in changed):
        yield Line(label="Billed training time", value=span(billed))


def _hosting(event_type: str, version: Mapping[str, Any]) -> Iterator[Line]:
    if event_type == EventType.VERSION_DISAPPEARED or not _status(version).billed:
        return
    found = units(version)
    if found:
        yield Line(label="Inference units", value=found)
    yield Line(label="Is billed", value="yes, for each inference unit, until it is stopped", essential=True)


def _course(data: Mapping[str, Any]) -> Iterator[Line]:
    if data.get("via"):
        yield Line(label="Not seen between", value=", ".join(plain(word) for word in data["via"]))
    if data.get("move") == "unexpected":
        yield Line(label="Note", value="AWS documents no way from the one status to the other")


def _changes(event_type: str, data: Mapping[str, Any]) -> Iterator[Line]:
    """The fields that changed, where they are the news; those that go with a change of status have their own lines."""
    if event_type != EventType.VERSION_UPDATED:
        return
    changed = data.get("changed") or {}
    for name, (before, after) in islice(changed.items(), _MOST_CHANGES):
        value = f"{value_phrase(before)} → {value_phrase(after)}"
        yield Line(label=f"Changed {plain(name)}", value=value, essential=True)
    if len(changed) > _MOST_CHANGES:
        yield Line(label="Changed besides", value=f"{len(changed) - _MOST_CHANGES} more fields")


def _fault(data: Mapping[str, Any]) -> Iterator[Line]:
    fault = data.get("fault") or {}
    if fault.get("hint"):
        yield Line(label="What to do", value=plain(fault["hint"]), essential=True)
    if data.get("failures"):
        yield Line(label="Failed polls in a row", value=str(data["failures"]))


def _where(data: Mapping[str, Any], version: Mapping[str, Any]) -> Iterator[Line]:
    project = data.get("project") or {}
    for label, name in (("Project", project.get("name")), ("Version", version.get("name"))):
        if name and name != without_markup(shortened_within(name, _LONGEST_NAME)):  # then the title has it otherwise
            yield Line(label=label, value=plain(name))
    if data.get("account_id"):
        yield Line(label="Account", value=f"{plain(data['account_id'])}, {plain(data.get('region'))}")
    if project.get("labels"):
        pairs = ", ".join(f"{name}={value}" for name, value in project["labels"].items())
        yield Line(label="Labels", value=plain(pairs))
    if data.get("console_url"):
        yield Line(label="Console", value=data["console_url"], link=True)


def _status(version: Mapping[str, Any]) -> Status:
    return parse_status(version.get("status"))
