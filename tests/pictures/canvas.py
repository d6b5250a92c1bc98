"""A drawing: SVG, element by element."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Sequence

INK: Final = "#24292e"
FAINT: Final = "#6e7781"
RULE: Final = "#e4e7eb"

CAPITAL: Final = 0.68
SMALL: Final = 0.54
"""How wide letters are on average, in parts of their size."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the drawing, in pixels from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def inside(self, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> Box:
        """The box without a margin."""
        return Box(self.x + left, self.y + top, self.width - left - right, self.height - top - bottom)


@dataclass(slots=True)
class Canvas:
    """What is drawn so far."""

    width: float
    height: float
    _elements: list[str] = field(default_factory=list)

    def rectangle(
        self, box: Box, fill: str, *, stroke: str = "none", radius: float = 0, opacity: float = 1, note: str = ""
    ) -> None:
        """*note* is shown when one points at it."""
        title = f"<title>{escape(note)}</title>" if note else ""
        settings = {"stroke": (stroke, "none"), "rx": (f"{radius:g}", "0"), "opacity": (f"{opacity:g}", "1")}
        said = "".join(f' {name}="{value}"' for name, (value, usual) in settings.items() if value != usual)
        self._elements.append(
            f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{max(0, box.width):.1f}" height="{max(0, box.height):.1f}" '
            f'fill="{fill}"{said}>{title}</rect>'
        )

    def line(
        self, points: Sequence[tuple[float, float]], color: str, *, width: float = 1, dashes: str = "none"
    ) -> None:
        """Through all of the points."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._elements.append(
            f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width:g}" '
            f'stroke-dasharray="{dashes}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 11,
        color: str = INK,
        anchor: str = "start",
        bold: bool = False,
        room: float | None = None,
    ) -> None:
        """Its base line begins, has its middle or ends at the point; cut where it needs more *room* than there is."""
        weight = "600" if bold else "400"
        self._elements.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{color}" text-anchor="{anchor}" '
            f'font-weight="{weight}">{escape(_cut(text, size, room))}</text>'
        )

    def svg(self, description: str) -> str:
        """The file."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'width="{self.width:g}" height="{self.height:g}" role="img" aria-label={quoteattr(description)} '
            'font-family="Inter, -apple-system, Segoe UI, Helvetica, Arial, sans-serif">'
        )
        return "\n".join([head, *self._elements, "</svg>", ""])


def _cut(text: str, size: float, room: float | None) -> str:
    if room is None or _breadth(text, size) <= room:
        return text
    while text and _breadth(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def _breadth(text: str, size: float) -> float:
    return sum(CAPITAL if each.isupper() or each == "_" else SMALL for each in text) * size
