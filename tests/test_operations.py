"""docs/operations.md, against the program."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[1]
METHODS: Final = {"debug", "info", "warning", "error", "exception", "critical", "log"}
NAME: Final = re.compile(r"[a-z_]+\.[a-z_]+")


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            yield node


def _names(call: ast.Call) -> Iterator[str]:
    """Of the entry: it stands first, or second after a level, and may be one of two."""
    for part in (node for argument in call.args[:2] for node in ast.walk(argument)):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and NAME.fullmatch(part.value):
            yield part.value


def test_every_log_line_is_explained() -> None:
    """Each name that the program logs has its row, once, and there is no other."""
    logged = {name for path in (ROOT / "monitor").rglob("*.py") for call in _calls(path) for name in _names(call)}
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    section = text.partition("## What each log line means")[2].partition("\n## ")[0]
    explained = re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)
    assert sorted(logged) == sorted(explained)


def test_the_figures_of_sizing_are_measured() -> None:
    """Each is one of the table that `make bench` writes, so that the option `--page` renews it."""
    measured = (ROOT / "docs/performance.md").read_text("utf-8").partition("```text\n")[2].partition("```")[0]
    names = {re.split(" {2,}", line)[0] for line in measured.splitlines()}
    page = (ROOT / "docs/operations.md").read_text("utf-8")
    sizing = page.partition("| figure | |\n|---|---|\n")[2].partition("\n\n")[0]
    shown = {line.split("|")[1].strip() for line in sizing.splitlines()}
    assert shown
    assert set() == shown - names
