from __future__ import annotations

from tests.cli.reference import render_document
from tests.cli.terminal import REPOSITORY


def test_the_page_says_what_the_commands_say() -> None:
    """docs/commands.md is current; `make docs` writes it again."""
    assert (REPOSITORY / "docs/commands.md").read_text(encoding="utf-8") == render_document()
