"""The statuses of a version as dashboards show them: an order, a colour, and a number for the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

COLORS: Final = {
    "TRAINING_IN_PROGRESS": "#5794F2",
    "TRAINING_COMPLETED": "#8AB8FF",
    "TRAINING_FAILED": "#A50F3C",
    "STARTING": "#96D98D",
    "RUNNING": "#37872D",
    "FAILED": "#E02F44",
    "STOPPING": "#FFCB7D",
    "STOPPED": "#A0A6AD",
    "DELETING": "#CCCCDC",
    "COPYING_IN_PROGRESS": "#B877D9",
    "COPYING_COMPLETED": "#DEB6F2",
    "COPYING_FAILED": "#FF7383",
    "DEPRECATED": "#FF9830",
    "EXPIRED": "#8F3BB8",
}
"""Blue trains, green hosts, violet copies, red failed, grey costs nothing."""

OTHER: Final = "another status"
OTHER_COLOR: Final = "#F2CC0C"

BAD: Final = "FAILED|TRAINING_FAILED|COPYING_FAILED|EXPIRED"
"""Somebody should look: the critical alerts, and the failures that end a version's life."""


def coded(where: str) -> str:
    """The status of each version as a number, 1 for the first of COLORS and so on, one more for every other status.

    A state timeline colours the numbers of one series, and a version's statuses are 14 series of 0 and 1. *where* are
    matchers.
    """
    metric = "rekognition_project_version_status"
    terms = [
        *(f'{metric}{{{where},status="{status}"}} * {number}' for number, status in enumerate(COLORS, 1)),
        f'{metric}{{{where},status!~"{"|".join(COLORS)}"}} * {len(COLORS) + 1}',
    ]
    return "max by (version) (\n  " + "\n    or ".join(terms) + "\n)"


def mappings() -> list[dict[str, Any]]:
    """What the numbers mean."""
    shown = [*COLORS.items(), (OTHER, OTHER_COLOR)]
    return [
        {
            "type": "value",
            "options": {
                str(number): {"text": status, "color": color, "index": number}
                for number, (status, color) in enumerate(shown, 1)
            },
        }
    ]


def painted(colors: Mapping[str, str] = COLORS) -> list[dict[str, Any]]:
    """Overrides that give a series its colour where it is called like a status, or like one of *colors*."""
    return [
        {
            "matcher": {"id": "byName", "options": name},
            "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": color}}],
        }
        for name, color in colors.items()
    ]
