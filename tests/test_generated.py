"""Every generated file is what `make docs` would write now."""

from __future__ import annotations

import pytest

from tests.generated import ROOT, generators


@pytest.mark.parametrize("path", generators())
def test_generated_file_is_current(path: str) -> None:
    """The program and what is written about it say the same."""
    assert (ROOT / path).read_text(encoding="utf-8") == generators()[path]()
