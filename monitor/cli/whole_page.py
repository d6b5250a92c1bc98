"""One version on a terminal or in a pipe: its fields, its timeline, its events and deliveries."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from monitor.cli.lines import message_line
from monitor.cli.printing import at_terminal, print_parts, terminal_width
from monitor.cli.strip import PLAIN, UNSEEN, Lane, Marks, axis, lanes
from monitor.cli.styles import status_style
from monitor.cli.table import Words, make_table, number, short, wide
from monitor.cli.text import NOTHING, moment, span
from monitor.domain.console import console_url
from monitor.domain.document import to_document
from monitor.domain.events import version_document
from monitor.domain.status import parse_status
from monitor.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitor.cli.table import Line, Table
    from monitor.cli.whole import Whole
    from monitor.domain.timeline import Timeline

COLUMNS: Final = 96
"""Of a timeline, where there is room: a quarter of an hour each in a day's."""

_LEAST: Final = 24
_LABEL: Final = 22
"""The longest status word that we know has 20 letters."""


def print_whole(whole: Whole, now: datetime) -> None:
    """Print everything about a version."""
    print_parts(_parts(whole, now))


def _parts(whole: Whole, now: datetime) -> Iterator[Line | Table]:
    yield _heading(whole, now)
    yield _fields(whole)
    yield ()
    yield from _timeline(whole.timeline)
    yield ()
    yield from map(message_line, whole.events)
    if whole.receipts:
        yield ()
        yield _deliveries(whole, now)


def _heading(whole: Whole, now: datetime) -> Line:
    name, word = Words(visible(whole.version.name), "bold"), visible(whole.version.status.word)
    if whole.tracked is None:
        return (name, Words(f"  gone, last {word}"))
    since = whole.tracked.status_since
    least = "at least " if whole.tracked.at_least else ""
    known = Words(f"  for {least}{span(now - since)}, since {moment(since)}")
    return (name, Words("  "), Words(word, status_style(whole.version.status)), known)


def _fields(whole: Whole) -> Table:
    project = whole.project
    table = make_table(short("FIELD"), wide("VALUE"))
    document = version_document(whole.tracked) if whole.tracked else to_document(whole.version)
    rows = {
        "project": f"{project.name} ({project.region}, {project.account_id})",
        **{f"label {name}": value for name, value in project.labels.items()},
        **dict(_flat("", document)),
        "console_url": console_url(project) or NOTHING,
    }
    for name, value in rows.items():
        table.add_row(visible(name), visible(_word(value)))
    return table


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Each value that is inside, by the path that leads to it."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _flat(f"{name}.{key}" if name else key, each)
    elif isinstance(value, list):
        for position, each in enumerate(value):
            yield from _flat(f"{name}[{position}]", each)
    else:
        yield name, value


def _timeline(timeline: Timeline) -> Iterator[Line]:
    marks = Marks() if Marks().fit(sys.stdout.encoding) else PLAIN
    width = _width()
    drawn = lanes(timeline, width, marks)
    yield (Words(f"{moment(timeline.since)} to {moment(timeline.until)}", "dim"),)
    for lane in drawn:
        yield _lane(lane)
    yield (Words(" " * _LABEL + axis(timeline, width), "dim"),)
    if any(marks.skipped in lane.columns for lane in drawn):
        yield (Words(f"{marks.skipped} passed through between two polls", "dim"),)


def _width() -> int:
    room = terminal_width() if at_terminal() else _LABEL + COLUMNS
    return max(_LEAST, min(COLUMNS, room - _LABEL))


def _lane(lane: Lane) -> Line:
    style = "dim" if lane.word == UNSEEN else status_style(parse_status(lane.word))
    return (Words(visible(lane.word).ljust(_LABEL)), Words(lane.columns.rstrip(), style))


def _deliveries(whole: Whole, now: datetime) -> Table:
    table = make_table(short("SINK"), short("DELIVERY"), number("TRIES"), number("AGE"), short("EVENT"), wide("ERROR"))
    for receipt in whole.receipts:
        facts = (
            receipt.sink,
            str(receipt.state),
            str(receipt.attempts),
            span(now - (receipt.settled_at or receipt.stored_at)),
        )
        table.add_row(*facts, receipt.event_id, visible(receipt.error or NOTHING))
    return table
