from __future__ import annotations

from typing import get_args

import pytest

from monitor.config.event_types import expand, words
from monitor.config.model import Sink
from monitor.domain.events import EventType
from monitor.domain.severity import Severity


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


def test_severities_are_those_of_the_domain() -> None:
    """A sink's `min_severity` takes each of them, in their order."""
    assert get_args(Sink.model_fields["min_severity"].annotation) == tuple(severity.word for severity in Severity)


def test_every_type_has_a_word() -> None:
    """A type that the domain adds can be asked for."""
    assert {kind.value for kind in EventType} == {name for word in words() for name in expand(word)}
