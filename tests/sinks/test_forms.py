from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.domain.severity import Severity
from monitor.sinks.forms import compose, title_of
from monitor.sinks.words import Line, Note, note
from tests.sinks.people import PLENTY, stories

if TYPE_CHECKING:
    from collections.abc import Sequence

A, B, C = (
    Note(
        title=title,
        severity=severity,
        lines=(
            Line(label="Means", value="it matters", essential=True),
            Line(label="Detail", value="a_b *c*"),
            Line(label="Console", value="https://example.com/#x", link=True),
        ),
    )
    for title, severity in (("one", Severity.INFO), ("two", Severity.CRITICAL), ("three", Severity.INFO))
)


def test_one_event_has_its_own_title() -> None:
    """Nothing is counted where there is one."""
    assert "one" == title_of([A])


def test_several_events_are_counted_by_severity() -> None:
    """The title says how many, and how bad."""
    assert "3 events: 1 critical, 2 info" == title_of([A, B, C])


def test_a_single_event_is_its_lines() -> None:
    """The title has said what it is about."""
    assert "Means: it matters\nDetail: a_b *c*\nConsole: https://example.com/#x" == compose(
        [A], markdown=False, longest=PLENTY
    )


def test_markdown_escapes_values_and_links_addresses() -> None:
    """Labels are bold, the address is behind its label."""
    expected = "- **Means:** it matters\n- **Detail:** a_b \\*c\\*\n- [Console](https://example.com/#x)"
    assert expected == compose([A], markdown=True, longest=PLENTY)


def test_several_events_are_told_most_severe_first() -> None:
    """Each under its title, those of one severity as they came."""
    text = compose([A, B, C], markdown=False, longest=PLENTY)
    assert ["two", "one", "three"] == [block.splitlines()[0] for block in text.split("\n\n")]


def test_details_are_left_out_first() -> None:
    """What is essential stays, and that it was shortened is said."""
    expected = "two\nMeans: it matters\n\none\nMeans: it matters\n\n- shortened: the history of events has the rest"
    assert expected == compose([A, B], markdown=False, longest=len(expected))


def test_then_only_titles_are_told() -> None:
    """As a list, when there is no room for more."""
    assert "- two\n- one" == compose([A, B], markdown=False, longest=70)


def test_then_the_rest_is_counted() -> None:
    """The least severe are left out, and how many they are is said."""
    notes = [A] * 20 + [B]
    expected = "- two\n- one\n- … and 19 more: see the history of events"
    assert expected == compose(notes, markdown=False, longest=len(expected) + 2)


def test_the_end_of_a_single_event_is_cut() -> None:
    """Its title stands above it already, so the text begins with what matters most."""
    assert "Means: it…" == compose([A], markdown=False, longest=11)


@pytest.mark.parametrize("longest", [1, 50, 150, 160, 500, 1000, 2000, 4096])
@pytest.mark.parametrize("markdown", [False, True])
def test_no_message_is_longer_than_it_may_be(longest: int, *, markdown: bool) -> None:
    """Whatever is told, in whatever room."""
    told: list[Sequence[Note]] = [[note(each) for each in documents] for documents in stories().values()]
    everything = [each for notes in told for each in notes]
    for notes in [*told, everything]:
        assert len(compose(notes, markdown=markdown, longest=longest)) <= longest
