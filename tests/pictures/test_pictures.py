from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pytest

from tests.deploy.grafana.files import DASHBOARDS
from tests.deploy.rules import ROOT
from tests.end_to_end.panels import document
from tests.pictures.canvas import Box, Canvas
from tests.pictures.charts import pieces
from tests.pictures.facts import Series, Shown, Span
from tests.pictures.tables import draw_table
from tests.pictures.units import ticks, written

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE: Final = ROOT / "docs" / "dashboards.md"
SPAN: Final = Span(start=0, end=60, step=1)


def words(picture: str) -> list[str]:
    """The texts of a drawing, in order."""
    return [each.text or "" for each in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]


def now(letter: str, value: float, labels: Mapping[str, str]) -> Series:
    """A value as it is now."""
    return Series(name="", color="#000000", letter=letter, labels=labels, points={60.0: value})


@pytest.mark.parametrize("name", DASHBOARDS)
def test_picture_shows_every_panel(name: str) -> None:
    """The committed picture has each panel's title; `make pictures` draws it again."""
    picture = PAGE.parent / "images" / "dashboards" / name.replace(".json", ".svg")
    titles = [panel["title"] for panel in document(name)["panels"]]
    shown = words(picture.read_text(encoding="utf-8"))
    assert [] == [title for title in titles if title not in shown]


def test_page_shows_every_picture() -> None:
    """No picture is missing or left over."""
    linked = re.findall(r"\]\((images/dashboards/[^)]*)\)", PAGE.read_text(encoding="utf-8"))
    drawn = [f"images/dashboards/{path.name}" for path in (PAGE.parent / "images" / "dashboards").iterdir()]
    assert sorted(drawn) == sorted(linked)


def test_pieces_end_with_the_value_and_with_a_gap() -> None:
    """A stretch of one value is one piece, until the value changes or points are missing."""
    points = {1.0: "a", 2.0: "a", 3.0: "b", 9.0: "b", 10.0: "b"}
    assert [(1.0, 3.0, "a"), (3.0, 4.0, "b"), (9.0, 11.0, "b")] == list(pieces(points, 1, gap=1.5))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "s", "0 s"),
        (0.0375, "s", "37.5 ms"),
        (5400, "s", "1.5 h"),
        (1536, "bytes", "1.5 KiB"),
        (0.5, "percentunit", "50 %"),
        (1234.5, "currencyUSD", "$1,234.50"),
        (12000, "short", "12 K"),
    ],
)
def test_value_is_written_with_its_unit(value: float, unit: str, text: str) -> None:
    """As Grafana does."""
    assert text == written(value, unit)


@pytest.mark.parametrize(
    ("top", "unit", "marks"),
    [
        (7, "s", [0, 2, 4, 6, 8]),
        (1, "short", [0, 1]),
        (3 * 2**20, "bytes", [0, 2**20, 2 * 2**20, 3 * 2**20]),
    ],
)
def test_scale_has_round_numbers(top: float, unit: str, marks: list[float]) -> None:
    """Counts are whole, sizes are whole in their own unit."""
    assert marks == ticks(top, unit)


def test_table_puts_results_with_the_same_labels_side_by_side() -> None:
    """A version's status comes from one query, its F1 score from another; what is not there is a dash."""
    [panel] = [
        panel
        for panel in document("project.json")["panels"]
        if panel["title"] == "Versions" and panel["type"] == "table"
    ]
    series = [
        now("A", 1, {"version": "v1", "status": "RUNNING"}),
        now("A", 1, {"version": "v2", "status": "FAILED"}),
        now("D", 0.875, {"version": "v2"}),
    ]
    canvas = Canvas(800, 200)
    draw_table(canvas, Box(0, 0, 800, 200), Shown(panel=panel, series=series, span=SPAN))
    rows = ["v1", "RUNNING", *"------", "v2", "FAILED", "-", "-", "0.875", "-", "-", "-"]
    assert rows == words(canvas.svg("a table"))[8:]
