"""Panels as Grafana's JSON has them. What is not said here is Grafana's default.

The names are Grafana's: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCRAPE_INTERVAL: Final = "30s"
"""Of the shipped prometheus.yml. Without it Grafana would take 15 s, and `$__rate_interval` might hold one sample."""

SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
"""Whichever Prometheus is chosen above the panels."""

WIDE: Final = 12
"""Columns from which a graph has room for a legend beside it."""

GREEN, BLUE, YELLOW, RED = "green", "blue", "yellow", "red"


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL, and what its series are called: a name with `{{label}}` in it."""

    expression: str
    legend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What every panel has.

    Attributes:
        unit: One of Grafana's, by its id.
        width: Of 24 columns.
        height: In Grafana's rows of 30 pixels.
        instant: Shows now, not a stretch of time.
        defaults: Further `fieldConfig.defaults`.
        overrides: `fieldConfig.overrides`.
    """

    kind: str
    title: str
    description: str
    unit: str
    queries: Sequence[Query]
    width: int = 12
    height: int = 8
    instant: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    overrides: Sequence[Mapping[str, Any]] = ()
    transformations: Sequence[Mapping[str, Any]] = ()

    def document(self, number: int, x: int, y: int) -> dict[str, Any]:
        """The panel with its id, where its upper left corner is."""
        return {
            "id": number,
            "type": self.kind,
            "title": self.title,
            "description": self.description,
            "datasource": SOURCE,
            "gridPos": {"x": x, "y": y, "w": self.width, "h": self.height},
            "targets": [self._target(*each) for each in zip(ascii_uppercase, self.queries, strict=False)],
            "fieldConfig": {"defaults": {"unit": self.unit, **self.defaults}, "overrides": list(self.overrides)},
            "options": dict(self.options),
            "transformations": list(self.transformations),
        }

    def _target(self, letter: str, query: Query) -> dict[str, Any]:
        return {
            "refId": letter,
            "datasource": SOURCE,
            "editorMode": "code",
            "expr": query.expression,
            "format": "table" if self.kind == "table" else "time_series",
            "instant": self.instant,
            "range": not self.instant,
            "interval": SCRAPE_INTERVAL,
            "legendFormat": query.legend,
        }


def steps(*limits: tuple[float, str], base: str = GREEN) -> dict[str, Any]:
    """Colours from the limits up, below them *base*."""
    above = [{"color": color, "value": limit} for limit, color in limits]
    return {
        "color": {"mode": "thresholds"},
        "thresholds": {"mode": "absolute", "steps": [{"color": base, "value": None}, *above]},
    }


ALWAYS_BLUE: Final = steps(base=BLUE)
GOOD_WHEN_ZERO: Final = steps((1, RED))


def stat(
    title: str,
    description: str,
    *queries: Query,
    unit: str = "short",
    colors: Mapping[str, Any] = ALWAYS_BLUE,
    width: int = 4,
    text: str = "auto",
    **defaults: Any,
) -> Panel:
    """One large number for each query, as it is now; with *text* `name` its series' name instead."""
    return Panel(
        kind="stat",
        title=title,
        description=description,
        unit=unit,
        queries=queries,
        width=width,
        height=4,
        instant=True,
        defaults={**colors, **defaults},
        options={
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "colorMode": "value",
            "graphMode": "none",
            "textMode": text,
        },
    )


def graph(
    title: str,
    description: str,
    *queries: Query,
    unit: str = "short",
    width: int = 12,
    stacked: bool = False,
    events: bool = False,
    overrides: Sequence[Mapping[str, Any]] = (),
) -> Panel:
    """Values over time, as steps: they hold until the next scrape. Counts of *events* are bars, one on the other."""
    style = {
        "drawStyle": "bars" if events else "line",
        "lineInterpolation": "stepAfter",
        "fillOpacity": 70 if stacked or events else 0,
        "stacking": {"mode": "normal" if stacked or events else "none", "group": "A"},
        "showPoints": "never",
    }
    return Panel(
        kind="timeseries",
        title=title,
        description=description,
        unit=unit,
        queries=queries,
        width=width,
        defaults={"custom": style, "min": 0},
        overrides=overrides,
        options={
            "legend": _legend(width, numbers=not events),
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
    )


def _legend(width: int, *, numbers: bool) -> dict[str, Any]:
    """A table at the right with each series' last value, the largest first; a list below where there is little room.

    Without numbers for events: that the last one came alone says nothing.
    """
    place = {"displayMode": "list", "placement": "bottom" if width < WIDE else "right", "showLegend": True}
    if not numbers:
        return place | {"calcs": []}
    table = {"displayMode": "table", "sortBy": "Last *", "sortDesc": True} if width >= WIDE else {}
    return place | {"calcs": ["lastNotNull"]} | table


def bars(
    title: str,
    description: str,
    *queries: Query,
    unit: str,
    width: int = 8,
    height: int = 8,
    **defaults: Any,
) -> Panel:
    """A bar for each series, as it is now."""
    return Panel(
        kind="bargauge",
        title=title,
        description=description,
        unit=unit,
        queries=queries,
        width=width,
        height=height,
        instant=True,
        defaults={**ALWAYS_BLUE, "min": 0, **defaults},
        options={
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "orientation": "horizontal",
            "displayMode": "basic",
            "showUnfilled": True,
        },
    )


def timeline(title: str, description: str, *queries: Query, mappings: Sequence[Mapping[str, Any]]) -> Panel:
    """A row for each series, coloured by its value; a scrape that failed leaves no gap."""
    return Panel(
        kind="state-timeline",
        title=title,
        description=description,
        unit="none",
        queries=queries,
        width=24,
        height=10,
        defaults={
            "mappings": list(mappings),
            "custom": {"spanNulls": 120_000, "fillOpacity": 90, "lineWidth": 0},  # milliseconds
        },
        options={
            "showValue": "auto",
            "mergeValues": True,
            "alignValue": "left",
            "rowHeight": 0.85,
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        },
    )
