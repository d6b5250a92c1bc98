from __future__ import annotations

from monitor.domain.refusal import Refusal


def test_refusals_are_words_of_a_metric() -> None:
    """Small letters and underscores, each its own name."""
    assert [each.name.lower() for each in Refusal] == [str(each) for each in Refusal]
