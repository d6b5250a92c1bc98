"""Panels that are no tables: numbers, bars, graphs and timelines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from tests.pictures.canvas import FAINT, INK, RULE, Box, Canvas
from tests.pictures.units import ticks, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.pictures.facts import Series, Shown

T = TypeVar("T")

MARK: Final = "#ff9a4d"
BRIGHT: Final = 150
"""Of 255."""

ENTRY: Final = 15.0
"""Pixels for a line of a legend; below a graph there are at most three, of two entries."""

NARROW: Final = 260
"""Pixels in which there is no room for a time every quarter of an hour."""

FAST: Final = 60
"""Seconds of the fleet in a second of the machine."""


def draw_stat(canvas: Canvas, box: Box, shown: Shown) -> None:
    """A number for each series, side by side; the name alone where that is what the panel shows."""
    by_name = shown.panel["options"]["textMode"] == "name"
    for place, series in enumerate(shown.series):
        share = box.width / len(shown.series)
        middle = box.x + share * (place + 0.5)
        text, color = shown.meaning(series.last) or (
            written(series.last, shown.unit, shown.defaults.get("decimals")),
            shown.threshold(series.last),
        )
        named = series.name and not by_name
        size = min(26.0, share / (0.62 * len(series.name if by_name else text)))
        canvas.text(
            middle,
            box.y + box.height * 0.62,
            series.name if by_name else text,
            size=size,
            color=color,
            anchor="middle",
            bold=True,
        )
        if named:
            canvas.text(middle, box.y + box.height - 4, series.name, color=FAINT, anchor="middle")


def draw_bars(canvas: Canvas, box: Box, shown: Shown) -> None:
    """A bar for each series, the longest first."""
    ordered = sorted(shown.series, key=lambda series: (-series.last, series.name))
    top = shown.defaults.get("max") or max([series.last for series in ordered], default=1) or 1
    height = min(26.0, box.height / max(1, len(ordered)))
    for number, series in enumerate(ordered):
        line = Box(box.x, box.y + number * height, box.width, height)
        bar = line.inside(left=box.width * 0.38, right=60, top=4, bottom=4)
        middle = line.y + height / 2 + 4
        canvas.text(line.x, middle, series.name, room=box.width * 0.37)
        canvas.rectangle(bar, "#eef1f4", radius=2)
        part = min(1, series.last / top)
        color = shown.threshold(series.last)
        canvas.rectangle(Box(bar.x, bar.y, bar.width * part, bar.height), color, radius=2, opacity=0.85)
        text = written(series.last, shown.unit, shown.defaults.get("decimals"))
        canvas.text(line.x + line.width, middle, text, anchor="end", bold=True)


def draw_graph(canvas: Canvas, box: Box, shown: Shown) -> None:
    """Steps over time, stacked where the panel says so, and a legend at the right."""
    style = shown.defaults["custom"]
    stacked = style["stacking"]["mode"] == "normal"
    beside = shown.panel["options"]["legend"]["placement"] == "right"
    under = 0 if beside else min(3, (len(shown.series) + 1) // 2) * ENTRY
    legend = box.inside(left=box.width - 190) if beside else box.inside(top=box.height - under)
    plot = box.inside(left=44, right=200 if beside else 8, bottom=16 + under, top=4)
    layers = _stacked(shown.series) if stacked else [(each, dict.fromkeys(each.points, 0.0)) for each in shown.series]
    top = _draw_scale(canvas, plot, shown, max((_highest(*layer) for layer in layers), default=0))
    _draw_times(canvas, plot, shown)
    for series, below in layers:
        if stacked:
            _draw_columns(canvas, plot, shown, series, below, top)
        else:
            _draw_steps(canvas, plot, shown, series, top)
    _draw_legend(canvas, legend, shown, columns=1 if beside else 2)


def draw_timeline(canvas: Canvas, box: Box, shown: Shown) -> None:
    """A row for each series, and a piece for each stretch of one value."""
    ordered = sorted(shown.series, key=lambda series: series.name)
    plot = box.inside(left=150, right=6, bottom=38)
    _draw_times(canvas, plot, shown)
    height = plot.height / max(1, len(ordered))
    for number, series in enumerate(ordered):
        row = Box(plot.x, plot.y + number * height, plot.width, height).inside(top=height * 0.1, bottom=height * 0.1)
        canvas.text(box.x, row.y + row.height / 2 + 4, series.name, room=145)
        _draw_pieces(canvas, row, shown, series)
    _draw_meanings(canvas, Box(box.x, box.y + box.height - 16, box.width, 16), shown)


def _draw_pieces(canvas: Canvas, row: Box, shown: Shown, series: Series) -> None:
    for start, end, value in pieces(series.points, shown.span.step, gap=2.5):
        text, color = shown.meaning(value) or (f"{value:g}", FAINT)
        left, right = _x(row, shown, start), _x(row, shown, end)
        canvas.rectangle(Box(left, row.y, right - left, row.height), color, note=f"{series.name}: {text}")
        if right - left > len(text) * 7 + 6:
            canvas.text(left + 4, row.y + row.height / 2 + 4, text, size=10, color=_readable_on(color), bold=True)


def pieces(points: Mapping[float, T], step: float, *, gap: float) -> Iterator[tuple[float, float, T]]:
    """From when to when there was which value; what misses *gap* steps ends a piece."""
    begin: float | None = None
    last = 0.0
    for time in sorted(points):
        if begin is not None and (time - last > gap * step or points[time] != points[begin]):
            yield begin, min(last + step, time), points[begin]
            begin = None
        begin = time if begin is None else begin
        last = time
    if begin is not None:
        yield begin, last + step, points[begin]


def _readable_on(color: str) -> str:
    """White or black, by how bright the colour is: ITU-R BT.601."""
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < BRIGHT else INK


def _draw_meanings(canvas: Canvas, box: Box, shown: Shown) -> None:
    seen = sorted({value for series in shown.series for value in series.points.values()})
    x = box.x
    for value in seen:
        text, color = shown.meaning(value) or (f"{value:g}", FAINT)
        canvas.rectangle(Box(x, box.y + 2, 10, 10), color, radius=2)
        canvas.text(x + 14, box.y + 11, text, size=9, color=FAINT)
        x += 24 + len(text) * 6


def _draw_scale(canvas: Canvas, plot: Box, shown: Shown, highest: float) -> float:
    """Lines at round numbers; the number at the top."""
    marks = ticks(highest or 1, shown.unit)
    for mark in marks:
        y = _y(plot, mark, marks[-1])
        canvas.line([(plot.x, y), (plot.x + plot.width, y)], RULE)
        canvas.text(plot.x - 6, y + 4, written(mark, shown.unit), size=9.5, color=FAINT, anchor="end")
    return marks[-1]


def _draw_times(canvas: Canvas, plot: Box, shown: Shown) -> None:
    """The fleet's time below, and annotations."""
    for mark in shown.marks:
        x = _x(plot, shown, mark)
        canvas.line([(x, plot.y), (x, plot.y + plot.height)], MARK, width=0.6, dashes="2 3")
    lasts = (shown.span.end - shown.span.start) * FAST
    every = 15 * 60 if plot.width > NARROW else 30 * 60
    for number in range(int(lasts / every) + 1):
        seconds = number * every
        x = _x(plot, shown, shown.span.start + seconds / FAST)
        label = f"{seconds // 3600}:{seconds % 3600 // 60:02}"
        canvas.text(x, plot.y + plot.height + 13, label, size=9.5, color=FAINT, anchor="middle")


def _stacked(series: Sequence[Series]) -> list[tuple[Series, dict[float, float]]]:
    """Each series with the height that it begins at."""
    heights: dict[float, float] = {}
    layers = []
    for each in series:
        layers.append((each, {time: heights.get(time, 0.0) for time in each.points}))
        for time, value in each.points.items():
            heights[time] = heights.get(time, 0.0) + value
    return layers


def _highest(series: Series, below: dict[float, float]) -> float:
    return max(value + below[time] for time, value in series.points.items())


def _draw_columns(
    canvas: Canvas, plot: Box, shown: Shown, series: Series, below: dict[float, float], top: float
) -> None:
    """From each point to the next; points of one height are one column."""
    heights = {time: (below[time], value) for time, value in series.points.items()}
    for start, end, (base, value) in pieces(heights, shown.span.step, gap=1.5):
        left, right = _x(plot, shown, start), _x(plot, shown, end)
        tip = _y(plot, base + value, top)
        if value:
            canvas.rectangle(Box(left, tip, right - left, _y(plot, base, top) - tip), series.color, opacity=0.85)


def _draw_steps(canvas: Canvas, plot: Box, shown: Shown, series: Series, top: float) -> None:
    """A line for each stretch without a gap."""
    points: list[tuple[float, float]] = []
    for start, end, value in pieces(series.points, shown.span.step, gap=1.5):
        left, right, y = _x(plot, shown, start), _x(plot, shown, end), _y(plot, value, top)
        if points and left - points[-1][0] > 0.1:
            canvas.line(points, series.color, width=1.6)
            points = []
        points += [(left, y), (right, y)]
    canvas.line(points, series.color, width=1.6)


def _draw_legend(canvas: Canvas, box: Box, shown: Shown, *, columns: int) -> None:
    """With the last values, the largest first, where the panel says so."""
    numbers = bool(shown.panel["options"]["legend"]["calcs"])
    ordered = sorted(shown.series, key=lambda series: (-series.last if numbers else 0, series.name))
    width = box.width / columns
    for number, series in enumerate(ordered[: int(box.height / ENTRY) * columns]):
        x, y = box.x + number % columns * width, box.y + 8 + number // columns * ENTRY
        value = written(series.last, shown.unit) if numbers else ""
        canvas.rectangle(Box(x, y - 3, 10, 4), series.color, radius=2)
        canvas.text(x + 15, y + 3, series.name, size=9.5, color=FAINT, room=width - 32 - len(value) * 5.6)
        canvas.text(x + width - 10, y + 3, value, size=9.5, anchor="end")


def _x(plot: Box, shown: Shown, time: float) -> float:
    part = (time - shown.span.start) / (shown.span.end - shown.span.start)
    return plot.x + plot.width * min(1.0, max(0.0, part))


def _y(plot: Box, value: float, top: float) -> float:
    return plot.y + plot.height * (1 - value / top)
