from __future__ import annotations

import pytest

from tests.config.reference import PAGE, render_document, render_page


def test_page_is_current() -> None:
    """The tables of docs/configuration.md are what the models give; `make docs` writes them again."""
    assert render_page() == PAGE.read_text(encoding="utf-8")


def test_page_without_its_marks() -> None:
    """A page that has lost its place for the tables is not written over."""
    with pytest.raises(ValueError, match="no marks"):
        render_document("# Configuration\n")
