from __future__ import annotations

import pytest

from monitor.domain.status import parse_status
from monitor.web.pages.tones import tone


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("RUNNING", "running"),
        ("STARTING", "busy"),
        ("DELETING", "busy"),
        ("FAILED", "bad"),
        ("EXPIRED", "bad"),
        ("COPYING_FAILED", "bad"),
        ("DEPRECATED", "odd"),
        ("REFINING", "odd"),
        ("STOPPED", "idle"),
        ("TRAINING_COMPLETED", "idle"),
    ],
)
def test_tone_follows_the_status(word: str, expected: str) -> None:
    """Every status has a colour by what it means."""
    assert expected == tone(parse_status(word))
