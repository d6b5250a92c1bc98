from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.reference import render_document

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_page_is_current() -> None:
    """The tables of docs/configuration.md are what the models give; `make docs` writes them again."""
    page = PAGE.read_text(encoding="utf-8")
    assert render_document(page) == page


def test_page_without_its_marks() -> None:
    """A page that has lost its place for the tables is not written over."""
    with pytest.raises(ValueError, match="no marks"):
        render_document("# Configuration\n")
