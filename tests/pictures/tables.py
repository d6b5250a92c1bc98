"""Tables, as Grafana's transformations put them together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.pictures.canvas import FAINT, INK, RULE, Box, Canvas
from tests.pictures.units import written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.pictures.facts import Shown

LINE: Final = 19.0


def draw_table(canvas: Canvas, box: Box, shown: Shown) -> None:
    """As many rows as there is room for, and how many are left out."""
    headings = _headings(shown)
    rows = [[_cell(shown, heading, row.get(field)) for field, heading in headings.items()] for row in _merged(shown)]
    rows.sort()
    widths = _widths(box.width, list(headings.values()), rows)
    room = int((box.height - LINE) / LINE)
    kept = rows if len(rows) <= room else rows[: room - 1]
    _draw_row(canvas, box, list(headings.values()), widths, color=FAINT, bold=True)
    for number, row in enumerate(kept, 1):
        line = Box(box.x, box.y + number * LINE, box.width, LINE)
        canvas.line([(line.x, line.y), (line.x + line.width, line.y)], RULE)
        _draw_row(canvas, line, row, widths)
    if len(kept) < len(rows):
        canvas.text(box.x, box.y + (len(kept) + 1) * LINE + 13, f"and {len(rows) - len(kept)} more", color=FAINT)


def _draw_row(
    canvas: Canvas, box: Box, cells: Sequence[str], widths: Sequence[float], *, color: str = INK, bold: bool = False
) -> None:
    x = box.x
    for cell, width in zip(cells, widths, strict=True):
        canvas.text(x, box.y + 13, cell, size=10.5, color=color, bold=bold, room=width - 4)
        x += width


def _headings(shown: Shown) -> dict[str, str]:
    """The headings of the columns that are left, by their fields."""
    [organized] = [each["options"] for each in shown.panel["transformations"] if each["id"] == "organize"]
    return {
        field: heading
        for field, heading in organized["renameByName"].items()
        if not organized["excludeByName"].get(field)
    }


def _merged(shown: Shown) -> list[dict[str, Any]]:
    """Rows of labels and values; results whose labels agree share a row."""
    several = len(shown.panel["targets"]) > 1
    rows: list[dict[str, Any]] = []
    for series in shown.series:
        field = f"Value #{series.letter}" if several else "Value"
        matching = [row for row in rows if field not in row and _agrees(row, series.labels)]
        for row in matching or [_added(rows, series.labels)]:
            row[field] = series.last
    return rows


def _agrees(row: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    return all(row.get(label) == value for label, value in labels.items())


def _added(rows: list[dict[str, Any]], labels: Mapping[str, str]) -> dict[str, Any]:
    rows.append(dict(labels))
    return rows[-1]


def _cell(shown: Shown, heading: str, value: Any) -> str:
    if value is None:
        return str(shown.defaults["noValue"])
    if isinstance(value, str):
        return value
    units = [
        each["value"]
        for override in shown.panel["fieldConfig"]["overrides"]
        for each in override["properties"]
        if override["matcher"]["options"] == heading and each["id"] == "unit"
    ]
    return written(value, units[0] if units else shown.unit)


def _widths(width: float, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Shares of the width by each column's longest text."""
    longest = [max(map(len, column)) + 2 for column in zip(headings, *rows, strict=True)]
    return [width * each / sum(longest) for each in longest]
