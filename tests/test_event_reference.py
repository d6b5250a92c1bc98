"""`docs/events.md` against the program."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from monitor.domain.events import EventType
from monitor.domain.lifecycle import MoveKind
from monitor.domain.severity import Severity
from monitor.domain.version import Version
from tests.event_examples import REFERENCE, examples, render


@pytest.fixture(scope="module")
def reference() -> str:
    return REFERENCE.read_text(encoding="utf-8")


def test_examples_are_what_the_program_makes(reference: str) -> None:
    """Each example is current; `make docs` writes them again."""
    assert render() == reference


def test_every_type_has_an_example(reference: str) -> None:
    """Whatever is sent is shown."""
    shown = set(re.findall(r"<!-- example: (\S+) -->", reference))
    assert {str(event_type) for event_type in EventType} == shown


def test_every_type_is_told(reference: str) -> None:
    """The table of types leaves none out."""
    told = set(re.findall(r"`(rekognition\.\w+\.\w+)`", reference))
    assert {str(event_type) for event_type in EventType} == told


def test_every_member_is_told(reference: str) -> None:
    """Each member of the envelope, of the data and of a version stands in the prose, not only in an example."""
    prose = re.sub(r"```json\n.*?```", "", reference, flags=re.DOTALL)
    told = set(re.findall(r"`([a-z0-9_]+)`", prose))
    members = {name for document in examples().values() for name in (*document, *document["data"])}
    assert set() == (members | {field.name for field in fields(Version)}) - told


def test_every_word_is_told(reference: str) -> None:
    """Severities and kinds of moves."""
    words = {severity.word for severity in Severity} | {kind.value for kind in MoveKind}
    assert set() == {word for word in words if f"`{word}`" not in reference}
