"""What Grafana's dashboards may hold, as far as ours use it: what it does not know it drops without a word.

Source: Grafana 10.4, "Dashboard JSON model", and the schemas of its panels (grafana-schema: dashboard, common, stat,
timeseries, table, bargauge, statetimeline).
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator


class Part(BaseModel):
    """Numbers are no texts, and a field that is not described here is an error."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Source(Part):
    type: Literal["prometheus"]
    uid: str


class Place(Part):
    """Of 24 columns; a row of the grid is 30 pixels."""

    x: Annotated[int, Field(ge=0, le=23)]
    y: Annotated[int, Field(ge=0)]
    w: Annotated[int, Field(ge=1, le=24)]
    h: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def is_within(self) -> Self:
        if self.x + self.w > 24:
            raise ValueError("wider than the page")
        return self


class Target(Part):
    refId: Annotated[str, StringConstraints(min_length=1)]  # noqa: N815 - Grafana's
    datasource: Source
    editorMode: Literal["code", "builder"]  # noqa: N815 - Grafana's
    expr: Annotated[str, StringConstraints(min_length=1)]
    format: Literal["time_series", "table", "heatmap"]
    instant: bool
    range: bool
    interval: str
    legendFormat: str  # noqa: N815 - Grafana's


class Legend(Part):
    showLegend: bool  # noqa: N815 - Grafana's
    displayMode: Literal["list", "table", "hidden"]  # noqa: N815 - Grafana's
    placement: Literal["bottom", "right"]
    calcs: list[Literal["lastNotNull", "last", "min", "max", "mean", "sum"]] = []
    sortBy: str | None = None  # noqa: N815 - Grafana's
    sortDesc: bool | None = None  # noqa: N815 - Grafana's


class Tooltip(Part):
    mode: Literal["single", "multi", "none"]
    sort: Literal["asc", "desc", "none"]


class Reduced(Part):
    calcs: list[Literal["lastNotNull", "last", "min", "max", "mean", "sum"]]
    fields: str
    values: bool


class StatOptions(Part):
    reduceOptions: Reduced  # noqa: N815 - Grafana's
    colorMode: Literal["value", "background", "background_solid", "none"]  # noqa: N815 - Grafana's
    graphMode: Literal["none", "line", "area"]  # noqa: N815 - Grafana's
    textMode: Literal["auto", "value", "value_and_name", "name", "none"]  # noqa: N815 - Grafana's


class BarOptions(Part):
    reduceOptions: Reduced  # noqa: N815 - Grafana's
    displayMode: Literal["basic", "lcd", "gradient"]  # noqa: N815 - Grafana's
    orientation: Literal["auto", "vertical", "horizontal"]
    showUnfilled: bool  # noqa: N815 - Grafana's


class GraphOptions(Part):
    legend: Legend
    tooltip: Tooltip


class TableOptions(Part):
    showHeader: bool  # noqa: N815 - Grafana's
    cellHeight: Literal["sm", "md", "lg", "auto"]  # noqa: N815 - Grafana's


class TimelineOptions(Part):
    mergeValues: bool  # noqa: N815 - Grafana's
    showValue: Literal["auto", "never", "always"]  # noqa: N815 - Grafana's
    alignValue: Literal["left", "center", "right"]  # noqa: N815 - Grafana's
    rowHeight: Annotated[float, Field(gt=0, le=1)]  # noqa: N815 - Grafana's
    legend: Legend


class Stacking(Part):
    mode: Literal["none", "normal", "percent"]
    group: str


class Drawing(Part):
    drawStyle: Literal["line", "bars", "points"] | None = None  # noqa: N815 - Grafana's
    lineInterpolation: Literal["linear", "smooth", "stepBefore", "stepAfter"] | None = None  # noqa: N815 - Grafana's
    showPoints: Literal["auto", "never", "always"] | None = None  # noqa: N815 - Grafana's
    lineWidth: Annotated[int, Field(ge=0, le=10)] | None = None  # noqa: N815 - Grafana's
    fillOpacity: Annotated[int, Field(ge=0, le=100)]  # noqa: N815 - Grafana's
    stacking: Stacking | None = None
    spanNulls: bool | Annotated[int, Field(gt=0)] | None = None  # noqa: N815 - Grafana's; milliseconds


class Step(Part):
    color: str
    value: float | None


class Thresholds(Part):
    """The first step has no value and is the colour of all below the second; the others ascend."""

    mode: Literal["absolute", "percentage"]
    steps: Annotated[list[Step], Field(min_length=1)]

    @model_validator(mode="after")
    def ascends(self) -> Self:
        first, *rest = [step.value for step in self.steps]
        if first is not None or None in rest or rest != sorted(set(rest), key=lambda value: value or 0):
            raise ValueError("steps begin with null and ascend")
        return self


class Shown(Part):
    text: str
    color: str
    index: int


class ValueMapping(Part):
    type: Literal["value"]
    options: dict[str, Shown]


class Color(Part):
    mode: Literal["thresholds", "fixed", "palette-classic"]
    fixedColor: str | None = None  # noqa: N815 - Grafana's


class Defaults(Part):
    unit: str
    color: Color | None = None
    thresholds: Thresholds | None = None
    mappings: list[ValueMapping] = []
    custom: Drawing | None = None
    min: float | None = None
    max: float | None = None
    decimals: Annotated[int, Field(ge=0)] | None = None
    noValue: str | None = None  # noqa: N815 - Grafana's


class Property(Part):
    id: Literal["unit", "color", "links"]
    value: object


class Matcher(Part):
    id: Literal["byName", "byRegexp", "byType", "byFrameRefID"]
    options: str


class Override(Part):
    matcher: Matcher
    properties: list[Property]


class FieldConfig(Part):
    defaults: Defaults
    overrides: list[Override]


class Organized(Part):
    excludeByName: dict[str, bool]  # noqa: N815 - Grafana's
    indexByName: dict[str, int]  # noqa: N815 - Grafana's
    renameByName: dict[str, str]  # noqa: N815 - Grafana's


class Organize(Part):
    id: Literal["organize"]
    options: Organized


class Merge(Part):
    id: Literal["merge"]
    options: dict[str, str]


class Panel(Part):
    id: Annotated[int, Field(ge=1)]
    title: str
    description: str
    datasource: Source
    gridPos: Place  # noqa: N815 - Grafana's
    targets: list[Target]
    fieldConfig: FieldConfig  # noqa: N815 - Grafana's
    transformations: list[Annotated[Merge | Organize, Field(discriminator="id")]]


class Stat(Panel):
    type: Literal["stat"]
    options: StatOptions


class Bars(Panel):
    type: Literal["bargauge"]
    options: BarOptions


class Graph(Panel):
    type: Literal["timeseries"]
    options: GraphOptions


class Table(Panel):
    type: Literal["table"]
    options: TableOptions


class Timeline(Panel):
    type: Literal["state-timeline"]
    options: TimelineOptions


class Row(Part):
    """Open, so that its panels stand beside it and not in it."""

    id: Annotated[int, Field(ge=1)]
    type: Literal["row"]
    title: str
    collapsed: Literal[False]
    gridPos: Place  # noqa: N815 - Grafana's
    panels: Annotated[list[object], Field(max_length=0)]


AnyPanel = Annotated[Row | Stat | Bars | Graph | Table | Timeline, Field(discriminator="type")]
