"""What people are told, event by event; the texts stand in `golden/`, and `tests/test_generated.py` compares them."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.domain.events import EventType
from monitor.domain.status import KNOWN
from monitor.sinks.words import LONGEST_TITLE, note
from tests.sinks.people import golden_texts, moved, stories

GOLDEN = Path(__file__).parent / "golden"


def test_every_golden_file_has_its_story() -> None:
    """None is left from a story that is told no more."""
    assert sorted(golden_texts()) == sorted(path.name for path in GOLDEN.iterdir())


@pytest.mark.parametrize("status", KNOWN)
def test_every_status_has_a_meaning(status: str) -> None:
    """What a status means is said whenever it is the news."""
    lines = note(moved("STOPPED", status).document).lines
    assert "does not know" not in next(line.value for line in lines if line.label == "Means")


@pytest.mark.parametrize("event_type", EventType)
def test_an_event_of_any_type_is_told_by_what_it_has(event_type: EventType) -> None:
    """One with nothing but a summary has a title and its severity."""
    document = {"type": event_type.value, "severity": "error", "data": {"summary": "something happened"}}
    told = note(document)
    assert "ERROR: something happened" == told.title
    assert "Severity" in [line.label for line in told.lines]


def test_an_event_without_a_summary_has_its_type_for_a_title() -> None:
    """A title is never empty."""
    assert "rekognition.x.y" == note({"type": "rekognition.x.y", "data": {}}).title


@pytest.mark.parametrize("story", stories())
def test_titles_are_short(story: str) -> None:
    """No service cuts them."""
    assert all(len(note(document).title) <= LONGEST_TITLE for document in stories()[story])


def test_a_summary_that_is_longer_than_a_title_is_told_in_full() -> None:
    """What was cut off the title stands in the text."""
    told = note({"type": "x", "data": {"summary": f"shop / prod-7: {'RUNNING -> STOPPED, ' * 20}end"}})
    assert f"shop / prod-7: {'RUNNING → STOPPED, ' * 20}end" == told.lines[0].value


def test_many_changes_are_counted() -> None:
    """Eight are told, the number of the others is said."""
    changed = {f"field_{number:02}": [None, number] for number in range(10)}
    document = {"type": EventType.VERSION_UPDATED.value, "data": {"summary": "s", "changed": changed}}
    labels = [line.label for line in note(document).lines if line.label.startswith("Changed")]
    assert [*(f"Changed field_{number:02}" for number in range(8)), "Changed besides"] == labels
