"""Tables: several queries whose results are put side by side where their labels agree."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from tests.deploy.grafana.panels import Panel, Query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of values: its heading, and what is in it. The value itself is not shown where the labels say it all."""

    name: str
    expression: str
    unit: str = "short"
    shown: bool = True


def table(
    title: str,
    description: str,
    *columns: Column,
    labels: Mapping[str, str],
    width: int = 24,
    height: int = 8,
    links: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> Panel:
    """A table with a row for each combination of labels, *labels* with their headings, in this order.

    *links* are those from the cells below a heading.
    """
    values = _value_fields(columns)
    headings = dict(labels) | {field: column.name for field, column in values.items()}
    return Panel(
        kind="table",
        title=title,
        description=description,
        unit="short",
        queries=[Query(column.expression) for column in columns],
        width=width,
        height=height,
        instant=True,
        defaults={"noValue": "-"},
        overrides=[
            *(_override(column.name, "unit", column.unit) for column in columns if column.shown),
            *(_override(heading, "links", list(each)) for heading, each in (links or {}).items()),
        ],
        transformations=[
            {"id": "merge", "options": {}},
            {
                "id": "organize",
                "options": {
                    "excludeByName": {"Time": True}
                    | {field: True for field, column in values.items() if not column.shown},
                    "indexByName": {name: place for place, name in enumerate(headings)},
                    "renameByName": headings,
                },
            },
        ],
        options={"showHeader": True, "cellHeight": "sm"},
    )


def _value_fields(columns: Sequence[Column]) -> dict[str, Column]:
    """Grafana calls the values of the only query `Value`, those of several `Value #A` and so on."""
    if len(columns) == 1:
        return {"Value": columns[0]}
    return {f"Value #{letter}": column for letter, column in zip(ascii_uppercase, columns, strict=False)}


def _override(heading: str, setting: str, value: Any) -> dict[str, Any]:
    return {
        "matcher": {"id": "byName", "options": heading},
        "properties": [{"id": setting, "value": value}],
    }
