"""The page of one version: every field AWS gave, its timeline, its history and its deliveries. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from monitor.domain.document import parse_time, to_document, version_from_document
from monitor.domain.project import version_name
from monitor.web.pages.moments import Moment, maybe_moment, moment
from monitor.web.pages.rows import VersionRow, make_row
from monitor.web.pages.strips import Strip, strip
from monitor.web.pages.tellings import Telling, tell

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from datetime import datetime

    from monitor.domain.delivery import Message
    from monitor.domain.receipt import Receipt
    from monitor.domain.timeline import Timeline
    from monitor.domain.version import Version
    from monitor.web.pages.entries import Entry

HISTORY: Final = 100
"""Events on the page; the API and the events' own page have all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the database says of a version; *events* newest first.

    Attributes:
        timeline: None for a version of which nothing is known but its name.
    """

    events: Sequence[Message] = ()
    receipts: Sequence[Receipt] = ()
    timeline: Timeline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    """One field as AWS named it, in snake_case; *when* where it is a time."""

    name: str
    text: str
    when: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """What became of one event at one sink."""

    sink: str
    state: str
    attempts: int
    stored: Moment
    settled: Moment | None
    due: Moment
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event and its deliveries."""

    telling: Telling
    deliveries: tuple[DeliveryLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """The whole page.

    Attributes:
        row: None when the version is gone, or is not watched any more.
        history: None when the database does not answer.
        more: There are older events than these.
    """

    arn: str
    name: str
    row: VersionRow | None
    fields: tuple[FieldLine, ...]
    strip: Strip | None
    history: tuple[Happening, ...] | None
    more: bool


def version_page(
    arn: str, entry: Entry | None, record: Record | None, now: datetime, known: Container[str]
) -> VersionPage:
    """The page about the version *arn*; *record* is None when the database does not answer."""
    tracked = entry.tracked if entry else None
    version = tracked.version if tracked else _last_known(record)
    line = strip(record.timeline, now) if record and record.timeline else None
    return VersionPage(
        arn=arn,
        name=version_name(arn),
        row=make_row(entry, tracked, now, known=known) if entry and tracked else None,
        fields=tuple(_fields(version, now)) if version else (),
        strip=line,
        history=None if record is None else tuple(_history(record, now)),
        more=record is not None and len(record.events) == HISTORY,
    )


def _last_known(record: Record | None) -> Version | None:
    """What the newest event says of a version that is gone."""
    if record is None or not record.events:
        return None
    try:
        return version_from_document(orjson.loads(record.events[0].document)["data"]["version"])
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def _fields(version: Version, now: datetime) -> Iterator[FieldLine]:
    for name, value in _flat("", to_document(version)):
        yield FieldLine(name=name, text=_written(value), when=_when(name, value, now))


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Every value of a document by its path: `training_data_result.input.manifests.1.bucket`."""
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from _flat(f"{prefix}.{name}" if prefix else str(name), each)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for number, each in enumerate(value, 1):
            yield from _flat(f"{prefix}.{number}", each)
    else:
        yield prefix, value


def _written(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return "none" if value in ((), [], {}) else str(value)


def _when(name: str, value: Any, now: datetime) -> Moment | None:
    return moment(parse_time(value), now) if name in {"creation_timestamp", "training_end_timestamp"} else None


def _history(record: Record, now: datetime) -> Iterator[Happening]:
    lines: defaultdict[int, list[DeliveryLine]] = defaultdict(list)
    for receipt in record.receipts:
        lines[receipt.position].append(_delivery(receipt, now))
    for message in record.events:
        yield Happening(telling=tell(message, now), deliveries=tuple(lines[message.position]))


def _delivery(receipt: Receipt, now: datetime) -> DeliveryLine:
    return DeliveryLine(
        sink=receipt.sink,
        state=receipt.state.value,
        attempts=receipt.attempts,
        stored=moment(receipt.stored_at, now),
        settled=maybe_moment(receipt.settled_at, now),
        due=moment(receipt.due_at, now),
        error=receipt.error or "",
    )
