"""Draws what the dashboards show of the demo: `make pictures`. Takes two minutes; needs Debian's prometheus.

A real Prometheus scrapes the demo with the shipped configuration and rules, at sixty times the speed, and is asked what
the panels ask. What it answers is drawn where the dashboards have it.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from tests.deploy.grafana.files import DASHBOARDS
from tests.deploy.rules import ROOT
from tests.end_to_end.demo import watched_demo
from tests.end_to_end.panels import document
from tests.end_to_end.prometheus import wait_until
from tests.pictures.canvas import FAINT, Box, Canvas
from tests.pictures.charts import draw_bars, draw_graph, draw_stat, draw_timeline
from tests.pictures.facts import Shown, Span, annotated, shown
from tests.pictures.tables import draw_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PICTURES: Final = ROOT / "docs" / "images" / "dashboards"
LASTS: Final = 105.0
"""Seconds: an hour and three quarters of the fleet's life."""

STEPS: Final = 105
WIDTH: Final = 1200.0
COLUMN: Final = WIDTH / 24
LINE: Final = 27.0
"""Pixels for one of Grafana's rows."""

HEAD: Final = 44.0

_DRAWN: Final[Mapping[str, Callable[[Canvas, Box, Shown], None]]] = {
    "stat": draw_stat,
    "bargauge": draw_bars,
    "timeseries": draw_graph,
    "state-timeline": draw_timeline,
    "table": draw_table,
}


def main() -> None:
    """Run the demo, and write a picture of each dashboard."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as directory, watched_demo(Path(directory)) as watch:
        wait_until(lambda: bool(watch.query("version:rekognition_running_inference_units:min")), "rules have data")
        start = time.time()
        time.sleep(LASTS)
        span = Span(start=start, end=start + LASTS, step=LASTS / STEPS)
        for name in DASHBOARDS:
            picture = draw(watch.prometheus.url, name, span)
            (PICTURES / name).with_suffix(".svg").write_text(picture, encoding="utf-8")


def draw(url: str, name: str, span: Span) -> str:
    """A dashboard with what Prometheus answers now, as SVG."""
    dashboard = document(name)
    [annotation] = dashboard["annotations"]["list"]
    marks = annotated(url, name, annotation, span)
    lines = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in dashboard["panels"])
    canvas = Canvas(WIDTH, HEAD + lines * LINE + 8)
    canvas.rectangle(Box(0, 0, canvas.width, canvas.height), "#f4f5f7")
    canvas.text(14, 28, dashboard["title"], size=18, bold=True)
    canvas.text(WIDTH - 14, 28, dashboard["description"], color=FAINT, anchor="end")
    for panel in dashboard["panels"]:
        _draw_panel(canvas, panel, lambda panel: shown(url, name, panel, span, marks))
    return canvas.svg(f"{dashboard['title']}: {dashboard['description']}")


def _draw_panel(canvas: Canvas, panel: Mapping[str, Any], look: Callable[[Mapping[str, Any]], Shown]) -> None:
    place = panel["gridPos"]
    box = Box(place["x"] * COLUMN, HEAD + place["y"] * LINE, place["w"] * COLUMN, place["h"] * LINE)
    if panel["type"] == "row":
        canvas.text(box.x + 14, box.y + 19, panel["title"], size=13, bold=True)
        return
    card = box.inside(4, 4, 4, 4)
    canvas.rectangle(card, "#ffffff", stroke="#dde1e6", radius=4)
    canvas.text(card.x + 10, card.y + 18, panel["title"], size=12, bold=True, room=card.width - 20)
    found = look(panel)
    inner = card.inside(left=10, top=28, right=10, bottom=8)
    if found.series:
        _DRAWN[panel["type"]](canvas, inner, found)
    else:
        canvas.text(inner.x + inner.width / 2, inner.y + inner.height / 2, "none", color=FAINT, anchor="middle")


if __name__ == "__main__":
    main()
