"""A panel with what Prometheus answered, ready to be drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.end_to_end.panels import ask, ask_range, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PALETTE: Final = (
    "#3274d9", "#e0752d", "#56a64b", "#a352cc", "#e5ac0e", "#1f9e9e",
    "#e02f8a", "#7c5a3c", "#6d8fb5", "#8e9c2c", "#b55454", "#4c4c9d",
)  # fmt: skip
_NAMED: Final = {"green": "#37872d", "blue": "#1f60c4", "yellow": "#e0a800", "red": "#d63649"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The time that is drawn: seconds since 1970-01-01 UTC, and the seconds between two points."""

    start: float
    end: float
    step: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One of a panel's: its name, colour, labels, and values by their time."""

    name: str
    color: str
    letter: str
    labels: Mapping[str, str]
    points: Mapping[float, float]

    @property
    def last(self) -> float:
        return list(self.points.values())[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A panel's document and its series."""

    panel: Mapping[str, Any]
    series: Sequence[Series]
    span: Span
    marks: Sequence[float] = ()
    """Times of annotations."""

    @property
    def defaults(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.panel["fieldConfig"]["defaults"]
        return found

    @property
    def unit(self) -> str:
        return str(self.defaults["unit"])

    def threshold(self, value: float) -> str:
        """The colour that the panel's limits give the value."""
        steps = self.defaults["thresholds"]["steps"]
        return _NAMED[
            next(each["color"] for each in reversed(steps) if each["value"] is None or value >= each["value"])
        ]

    def meaning(self, value: float) -> tuple[str, str] | None:
        """What the panel's mappings say of the value: its text and colour."""
        for mapping in self.defaults.get("mappings", ()):
            option = mapping["options"].get(f"{value:g}")
            if option:
                return option["text"], _NAMED.get(option["color"], option["color"])
        return None


def shown(url: str, name: str, panel: Mapping[str, Any], span: Span, marks: Sequence[float]) -> Shown:
    """The panel of that dashboard with what its queries find."""
    found = [
        (target, labels, points)
        for target in panel["targets"]
        for labels, points in _found(url, chosen(target["expr"], name), span, over_time=target["range"])
    ]
    painted = _painted(panel)
    series = [
        Series(
            name=(called := _legend(target["legendFormat"], labels)),
            color=painted.get(called, PALETTE[number % len(PALETTE)]),
            letter=target["refId"],
            labels=labels,
            points=points,
        )
        for number, (target, labels, points) in enumerate(found)
    ]
    return Shown(panel=panel, series=series, span=span, marks=marks)


def annotated(url: str, name: str, annotation: Mapping[str, Any], span: Span) -> list[float]:
    """When annotations begin: the first of neighbouring times, as Grafana puts them together."""
    marks = []
    for _, points in _found(url, chosen(annotation["expr"], name), span, over_time=True):
        times = sorted(points)
        marks += [time for before, time in zip([None, *times], times, strict=False) if _is_apart(before, time, span)]
    return sorted(marks)


def _is_apart(before: float | None, time: float, span: Span) -> bool:
    return before is None or time - before > span.step * 1.5


def _found(
    url: str, expression: str, span: Span, *, over_time: bool
) -> Iterator[tuple[Mapping[str, str], Mapping[float, float]]]:
    answer = ask_range(url, expression, span.start, span.end, span.step) if over_time else ask(url, expression)
    for each in answer.series:
        values = each["values"] if over_time else [each["value"]]
        points = {float(time): float(value) for time, value in values if value != "NaN"}
        if points:
            yield each["metric"], points


def _legend(legend: str, labels: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: labels.get(found[1], ""), legend).strip()


def _painted(panel: Mapping[str, Any]) -> dict[str, str]:
    return {
        override["matcher"]["options"]: each["value"]["fixedColor"]
        for override in panel["fieldConfig"]["overrides"]
        for each in override["properties"]
        if each["id"] == "color"
    }
