"""One version on a terminal or in a pipe: its fields, its timeline, its events and deliveries."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from monitor.cli.lines import message_line
from monitor.cli.printing import (
    at_terminal,
    cells,
    console,
    make_table,
    number,
    print_line,
    print_table,
    short,
    wide,
)
from monitor.cli.strip import PLAIN, UNSEEN, Lane, Marks, axis, lanes
from monitor.cli.styles import status_style
from monitor.cli.text import NOTHING, moment, span
from monitor.domain.console import console_url
from monitor.domain.document import to_document
from monitor.domain.events import version_document
from monitor.domain.status import parse_status
from monitor.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rich.table import Table

    from monitor.cli.whole import Whole
    from monitor.domain.timeline import Timeline

COLUMNS: Final = 96
"""Of a timeline, where there is room: a quarter of an hour each in a day's."""

_LEAST: Final = 24
_LABEL: Final = 22
"""The longest status word that we know has 20 letters."""


def print_whole(whole: Whole, now: datetime) -> None:
    """Print everything about a version."""
    print_line(_heading(whole, now))
    print_table(_fields(whole))
    print_line(Text())
    for line in _timeline(whole.timeline):
        print_line(line)
    print_line(Text())
    for message in whole.events:
        print_line(message_line(message))
    if whole.receipts:
        print_line(Text())
        print_table(_deliveries(whole, now))


def _heading(whole: Whole, now: datetime) -> Text:
    word = whole.version.status.word
    line = Text(visible(whole.version.name), style="bold")
    if whole.tracked is None:
        return line.append(f"  gone, last {visible(word)}", style="not bold")
    least = "at least " if whole.tracked.at_least else ""
    line.append("  ").append(visible(word), style=status_style(whole.version.status))
    since = whole.tracked.status_since
    return line.append(f"  for {least}{span(now - since)}, since {moment(since)}", style="not bold")


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
        table.add_row(*cells((visible(name), visible(_word(value)))))
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


def _timeline(timeline: Timeline) -> Iterator[Text]:
    marks = Marks() if Marks().fit(sys.stdout.encoding) else PLAIN
    width = _width()
    drawn = lanes(timeline, width, marks)
    yield Text(f"{moment(timeline.since)} to {moment(timeline.until)}", style="dim")
    for lane in drawn:
        yield _lane(lane)
    yield Text(" " * _LABEL + axis(timeline, width), style="dim")
    if any(marks.skipped in lane.columns for lane in drawn):
        yield Text(f"{marks.skipped} passed through between two polls", style="dim")


def _width() -> int:
    room = console().width if at_terminal() else _LABEL + COLUMNS
    return max(_LEAST, min(COLUMNS, room - _LABEL))


def _lane(lane: Lane) -> Text:
    style = "dim" if lane.word == UNSEEN else status_style(parse_status(lane.word))
    return Text(visible(lane.word).ljust(_LABEL)).append(lane.columns.rstrip(), style=style)


def _deliveries(whole: Whole, now: datetime) -> Table:
    table = make_table(short("SINK"), short("DELIVERY"), number("TRIES"), number("AGE"), short("EVENT"), wide("ERROR"))
    for receipt in whole.receipts:
        facts = (
            receipt.sink,
            str(receipt.state),
            str(receipt.attempts),
            span(now - (receipt.settled_at or receipt.stored_at)),
        )
        table.add_row(*cells((*facts, receipt.event_id, visible(receipt.error or NOTHING))))
    return table
