from __future__ import annotations

import pytest

from monitor.domain.search import holds, words_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("memory", True),
        ("MEMORY out", True),
        ("out of mem", True),
        ("größe", True),
        ("out disk", False),
        ("memoryout", False),
        ("  ", True),
    ],
)
def test_all_words_have_to_occur(text: str, *, expected: bool) -> None:
    """In any of the texts, in any order, in whatever case; none is in none of them but partly in two."""
    assert expected == holds(["Ran Out of memory", "GRÖßE"], words_of(text))
