from __future__ import annotations

import pytest

from monitor.domain import diagram
from tests.cli.terminal import Ran, run_here


@pytest.mark.parametrize(
    ("arguments", "drawing"),
    [
        ((), diagram.as_text()),
        (("--format", "text"), diagram.as_text()),
        (("--format", "mermaid"), diagram.as_mermaid()),
        (("--format", "dot"), diagram.as_dot()),
    ],
)
def test_the_table_of_moves_is_drawn(arguments: tuple[str, ...], drawing: str) -> None:
    """On stdout, ready for the program that takes it."""
    assert run_here("lifecycle", *arguments) == Ran(code=0, out=drawing.rstrip("\n") + "\n", err="")
