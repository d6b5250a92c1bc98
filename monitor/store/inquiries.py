"""Questions about the history as SQL.

Patterns and words are matched here: SQL's own patterns differ from `fnmatch`, and its lower case among databases.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import JSON, func, select, type_coerce

from monitor.domain.project import is_version_arn, version_name
from monitor.domain.search import holds, words_of
from monitor.store.rows import read_message, reading
from monitor.store.tables import EVENTS
from monitor.store.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement, Connection, Row

    from monitor.domain.delivery import Message
    from monitor.domain.inquiry import Inquiry

_AT_ONCE = 500
"""Rows that are fetched at a time where patterns or words choose among them."""

_SOUGHT: Final = (
    "status",
    "status_message",
    "version_description",
    "feature",
    "base_model_version",
    "source_project_version_arn",
)
"""Members of an event's version that somebody may look for, as of `Choice.text`."""


def ask(connection: Connection, inquiry: Inquiry) -> list[Message]:
    """The events that *inquiry* wants. Raises StateDamagedError."""
    order = EVENTS.c.position.desc() if inquiry.newest_first else EVENTS.c.position
    query = select(EVENTS).where(*_conditions(inquiry)).order_by(order)
    if not (inquiry.projects or inquiry.versions or inquiry.text):
        query = query.limit(inquiry.limit)
    with connection.execution_options(yield_per=_AT_ONCE).execute(query) as rows:
        return [read_message(row) for row in islice(_chosen(rows, inquiry), inquiry.limit)]


def _conditions(inquiry: Inquiry) -> Iterator[ColumnElement[bool]]:
    yield EVENTS.c.position > inquiry.after
    if inquiry.before is not None:
        yield EVENTS.c.position < inquiry.before
    if inquiry.types:
        yield EVENTS.c.type.in_([str(each) for each in inquiry.types])
    if inquiry.severity is not None:
        yield EVENTS.c.severity >= int(inquiry.severity)
    yield from _times(inquiry)
    yield from _places(inquiry)
    yield from _contents(inquiry)


def _times(inquiry: Inquiry) -> Iterator[ColumnElement[bool]]:
    if inquiry.since is not None:
        yield EVENTS.c.time >= inquiry.since
    if inquiry.until is not None:
        yield EVENTS.c.time < inquiry.until


def _places(inquiry: Inquiry) -> Iterator[ColumnElement[bool]]:
    if inquiry.accounts:
        yield _in_json(inquiry.accounts, "account_id")
    if inquiry.regions:
        yield _in_json(inquiry.regions, "region")
    exact = [each for each in inquiry.versions if is_version_arn(each)]
    if exact and len(exact) == len(inquiry.versions):
        yield EVENTS.c.subject.in_(exact)


def _contents(inquiry: Inquiry) -> Iterator[ColumnElement[bool]]:
    if inquiry.before_status is not None:
        yield _member("from") == inquiry.before_status
    if inquiry.after_status is not None:
        yield _member("to") == inquiry.after_status
    for name, value in inquiry.labels.items():
        yield _member("project", "labels", name) == value
    for word in filter(_as_stored, words_of(inquiry.text or "")):
        yield func.lower(EVENTS.c.document).contains(word, autoescape=True)


def _as_stored(word: str) -> bool:
    """Whether whatever holds *word* has it in its document, too: what is rare is then found without reading the rest.

    JSON escapes quotes, backslashes and control characters; a label has its equals sign from us; SQLite knows only the
    case of ASCII.
    """
    return word.isascii() and word.isprintable() and not set(word) & {'"', "\\", "="}


def _in_json(values: Iterable[str], name: str) -> ColumnElement[bool]:
    return _member(name).in_(list(values))


def _member(*path: str) -> ColumnElement[str]:
    """A text in the event's data; NULL where there is none."""
    found: ColumnElement[str] = type_coerce(EVENTS.c.document, JSON)[("data", *path)].as_string()
    return found


def _chosen(rows: Iterable[Row[Any]], inquiry: Inquiry) -> Iterator[Row[Any]]:
    words = words_of(inquiry.text or "")
    for row in rows:
        if (
            _matches(inquiry.projects, row.project_name, row.source)
            and _is_version(inquiry.versions, row.subject)
            and (not words or holds(_texts(row), words))
        ):
            yield row


def _texts(row: Row[Any]) -> Iterator[str]:
    """Everything that somebody may look for."""
    with reading("events", row.position):
        data = decode(row.document)["data"]
        yield row.source
        yield row.subject
        yield data["summary"]
        yield from (f"{name}={value}" for name, value in data.get("project", {}).get("labels", {}).items())
        version = data.get("version", {})
        yield from (str(version[name]) for name in _SOUGHT if version.get(name))


def _is_version(patterns: tuple[str, ...], subject: str) -> bool:
    return not patterns or (is_version_arn(subject) and _matches(patterns, version_name(subject), subject))


def _matches(patterns: tuple[str, ...], *names: str | None) -> bool:
    return not patterns or any(fnmatchcase(name or "", pattern) for name in names for pattern in patterns)
