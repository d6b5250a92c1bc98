from __future__ import annotations

import pytest

from monitor.domain.diagram import as_dot, as_mermaid, as_text
from tests.cli.terminal import Ran, run_here


@pytest.mark.parametrize(
    ("arguments", "drawing"),
    [
        ((), as_text()),
        (("--format", "text"), as_text()),
        (("--format", "mermaid"), as_mermaid()),
        (("--format", "dot"), as_dot()),
    ],
)
def test_the_table_of_moves_is_drawn(arguments: tuple[str, ...], drawing: str) -> None:
    """On stdout, ready for the program that takes it."""
    assert run_here("lifecycle", *arguments) == Ran(code=0, out=drawing.rstrip("\n") + "\n", err="")
