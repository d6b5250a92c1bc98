"""docs/alerts.md and the runbooks, held to the rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.deploy.rules import PROMETHEUS, ROOT, SETTINGS, Rule, alerts, groups, records

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT: Final = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
ROWS: Final = [tuple(line.strip("| ").split(" | ")) for line in DOCUMENT.splitlines() if line.startswith("|")]
RUNBOOKS: Final = sorted((ROOT / "docs" / "runbooks").glob("*.md"))


def test_every_alert_has_its_row() -> None:
    """One each, in the order of the rules, with its runbook, its severity and how long it must hold."""
    rows = [row[:3] for row in ROWS if row[0].startswith("[Rekognition")]
    assert [_row(rule) for rule in alerts()] == rows


def test_every_setting_has_its_row() -> None:
    """One each, in the order of the file, with its default."""
    rows = [row[:2] for row in ROWS if row[0].startswith("`rekognition:")]
    settings = [entry for group in groups(SETTINGS) for entry in group["rules"]]
    assert [(_setting(entry), _default(entry["expr"])) for entry in settings] == rows


def test_every_record_is_described() -> None:
    """deploy/prometheus/README.md names each that is no setting."""
    rows = [
        line for line in (PROMETHEUS / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("|")
    ]
    named = [name for row in rows for name in re.findall(r"`(\w+:\w+:\w+)`", row)]
    assert sorted(rule.name for rule in records() if not rule.name.startswith("rekognition:")) == sorted(named)


@pytest.mark.parametrize("path", RUNBOOKS, ids=lambda path: path.stem)
def test_runbook_says_what_people_need(path: Path) -> None:
    """Which alerts it is for, where to look, what to do and when it ends; every link leads somewhere."""
    text = path.read_text(encoding="utf-8")
    own = {rule.name for rule in alerts() if rule.runbook == path.name}
    assert own == {path.stem} | set(re.findall(r"^Also for `(\w+)`\.$", text, re.MULTILINE))
    assert ["## Look", "## Do", "## It ends"] == re.findall(r"^## .*$", text, re.MULTILINE)


@pytest.mark.parametrize(
    "path", [ROOT / "docs" / "alerts.md", PROMETHEUS / "README.md", *RUNBOOKS], ids=lambda path: path.stem
)
def test_links_lead_somewhere(path: Path) -> None:
    """Each link that is no address is a file of the repository."""
    links = re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))
    assert [] == [link for link in links if "://" not in link and not (path.parent / link).exists()]


def _row(rule: Rule) -> tuple[str, str, str]:
    return f"[{rule.name}](runbooks/{rule.runbook})", rule.labels["severity"], rule.hold or "at once"


def _setting(entry: dict[str, Any]) -> str:
    labels = ",".join(f'{label}="{value}"' for label, value in entry.get("labels", {}).items())
    return f"`{entry['record']}{f'{{{labels}}}' if labels else ''}`"


def _default(expression: str) -> str:
    number = re.fullmatch(r"vector\((.*)\)", expression)
    return f"`{number[1] if number else expression.removeprefix('rekognition_project_version_info')}`"
