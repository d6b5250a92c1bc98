"""The rules that are shipped, as Prometheus reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).parents[2]
PROMETHEUS: Final = ROOT / "deploy" / "prometheus"
RULE_FILES: Final = tuple(sorted((PROMETHEUS / "rules").glob("*.yml")))
SETTINGS: Final = PROMETHEUS / "rules" / "rekognition-settings.yml"
RUNBOOKS: Final = "https://runbooks.example.com/rekognition-monitor"
"""Where the shipped rules look for docs/runbooks: an address for everybody to change to their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One recording rule or alert; `name` is the metric's or the alert's."""

    name: str
    expression: str
    alert: bool
    hold: str | None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def runbook(self) -> str:
        """The file in docs/runbooks."""
        return self.annotations["runbook_url"].removeprefix(f"{RUNBOOKS}/")


def groups(*paths: Path) -> list[dict[str, Any]]:
    """The groups of these files, of all when none is named, in their order."""
    return [group for path in paths or RULE_FILES for group in _read(path)]


def rules() -> list[Rule]:
    """All of them."""
    return [_parse(entry) for group in groups() for entry in group["rules"]]


def alerts() -> list[Rule]:
    """Those that are alerts."""
    return [rule for rule in rules() if rule.alert]


def records() -> list[Rule]:
    """Those that record a metric."""
    return [rule for rule in rules() if not rule.alert]


def alone(alert: str) -> dict[str, Any]:
    """A rule file with nothing but that alert, as it is shipped."""
    return {
        "groups": [
            {**group, "rules": [entry]} for group in groups() for entry in group["rules"] if entry.get("alert") == alert
        ]
    }


@cache  # a second for all files, and dozens of tests ask
def _read(path: Path) -> list[dict[str, Any]]:
    document = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    groups: list[dict[str, Any]] = document["groups"]
    return groups


def _parse(entry: Mapping[str, Any]) -> Rule:
    alert = "alert" in entry
    return Rule(
        name=entry["alert" if alert else "record"],
        expression=entry["expr"],
        alert=alert,
        hold=entry.get("for"),
        labels=entry.get("labels", {}),
        annotations=entry.get("annotations", {}),
    )
