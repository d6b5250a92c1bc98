from __future__ import annotations

from pathlib import Path

from monitor.metrics.reference import render_reference

DOCUMENT = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_reference_is_current() -> None:
    """docs/metrics.md is what the tables say; `make docs` writes it again."""
    assert render_reference() == DOCUMENT.read_text(encoding="utf-8")
