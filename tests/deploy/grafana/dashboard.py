"""A dashboard as Grafana imports it: variables, annotations, and panels in rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from tests.deploy.grafana.panels import SCRAPE_INTERVAL, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.deploy.grafana.panels import Panel

SCHEMA_VERSION: Final = 39
"""Grafana 10.4 and 11.0 write it; later ones migrate it."""

COLUMNS: Final = 24

TARGET: Final = 'job=~"$job",instance=~"$instance"'
PLACE: Final = f'{TARGET},aws_account_id=~"$account",aws_region=~"$region"'
PROJECT: Final = f'{PLACE},project=~"$project"'
"""Matchers of what is chosen above the panels: the monitor, an account and region, a project."""

_SOURCES: Final[Mapping[str, tuple[str, str, str]]] = {
    "job": ("Job", "rekognition_monitor_build_info", "job"),
    "instance": ("Monitor", 'rekognition_monitor_build_info{job=~"$job"}', "instance"),
    "account": ("Account", f"rekognition_project_info{{{TARGET}}}", "aws_account_id"),
    "region": ("Region", f'rekognition_project_info{{{TARGET},aws_account_id=~"$account"}}', "aws_region"),
    "project": ("Project", f"rekognition_project_info{{{PLACE}}}", "project"),
}
"""Each variable's label, and the metric and label that its choices come from."""


@dataclass(frozen=True, slots=True)
class Row:
    """Panels below a heading."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """All of it.

    Attributes:
        single: Variables of which one value is chosen, not many or all.
        annotation: What the annotations are.
        moves: PromQL whose every step above 0 is an annotation …
        move: … with this title.
    """

    uid: str
    title: str
    description: str
    rows: Sequence[Row]
    single: Sequence[str] = ()
    annotation: str
    moves: str
    move: str
    span: str = "now-24h"

    def render(self) -> str:
        """The file."""
        return json.dumps(self.document(), indent=2, ensure_ascii=False) + "\n"

    def document(self) -> dict[str, Any]:
        """As Grafana has it. Without an id: that is the business of the Grafana which imports it."""
        return {
            "uid": self.uid,
            "title": self.title,
            "description": self.description,
            "tags": ["rekognition-monitor"],
            "schemaVersion": SCHEMA_VERSION,
            "editable": True,
            "graphTooltip": 1,  # one crosshair for all panels
            "timezone": "browser",
            "time": {"from": self.span, "to": "now"},
            "refresh": "1m",
            "links": [_link_to_others()],
            "annotations": {"list": [self._annotation()]},
            "templating": {"list": [_datasource(), *(self._variable(name) for name in _SOURCES)]},
            "panels": list(_placed(self.rows)),
        }

    def _annotation(self) -> dict[str, Any]:
        return {
            "name": self.annotation,
            "datasource": SOURCE,
            "enable": True,
            "hide": False,
            "iconColor": "#FF780A",
            "expr": self.moves,
            "step": SCRAPE_INTERVAL,
            "titleFormat": self.move,
            "textFormat": "",
            "tagKeys": "to",
            "useValueForTime": False,
        }

    def _variable(self, name: str) -> dict[str, Any]:
        label, metric, of = _SOURCES[name]
        query = f"label_values({metric}, {of})"
        several = name not in self.single
        every = {"allValue": ".*", "current": {"selected": True, "text": "All", "value": "$__all"}}
        return {
            "name": name,
            "label": label,
            "type": "query",
            "datasource": SOURCE,
            "query": {"query": query, "refId": f"variable-{name}"},
            "definition": query,
            "multi": several,
            "includeAll": several,
            "refresh": 2,  # when the range of time changes
            "sort": 1,  # by the alphabet
            "hide": 0,
            **(every if several else {}),
        }


def _datasource() -> dict[str, Any]:
    return {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "hide": 0}


def _link_to_others() -> dict[str, Any]:
    return {
        "type": "dashboards",
        "title": "Rekognition",
        "tags": ["rekognition-monitor"],
        "asDropdown": True,
        "includeVars": True,
        "keepTime": True,
    }


def _placed(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Panels from left to right, a new line where one does not fit; ids from 1."""
    numbers, y = count(1), 0
    for row in rows:
        place = {"x": 0, "y": y, "w": COLUMNS, "h": 1}
        yield {
            "id": next(numbers),
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "gridPos": place,
            "panels": [],
        }
        x, y, below = 0, y + 1, y + 1
        for panel in row.panels:
            if x + panel.width > COLUMNS:
                x, y = 0, below
            yield panel.document(next(numbers), x, y)
            x, below = x + panel.width, max(below, y + panel.height)
        y = below
