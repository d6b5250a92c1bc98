from __future__ import annotations

import pytest

from monitor.config.event_types import expand, words
from monitor.domain.events import EventType


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("status_changed", ("rekognition.project_version.status_changed",)),
        ("project.unreachable", ("rekognition.project.unreachable",)),
        ("rekognition.project.recovered", ("rekognition.project.recovered",)),
        ("appeared", ("rekognition.project_version.appeared", "rekognition.project.appeared")),
        ("project", ()),
        ("", ()),
    ],
)
def test_words(word: str, expected: tuple[str, ...]) -> None:
    """A short word stands for every type that ends with it."""
    assert expected == expand(word)


def test_every_type_has_a_word() -> None:
    """A type that the domain adds can be asked for."""
    assert {kind.value for kind in EventType} == {name for word in words() for name in expand(word)}
