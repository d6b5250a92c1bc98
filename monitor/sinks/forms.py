"""Notes as one message: plain text or Markdown, no longer than the service takes.

What does not fit is left out in this order, and never silently: the details of every event; then all but the titles
(of a single event, the end of its text); then the least severe events, whose number is said.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from monitor.sinks.phrases import escaped, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.sinks.words import Line, Note

_SHORTER: Final = "shortened: the history of events has the rest"


def compose(notes: Sequence[Note], *, markdown: bool, longest: int) -> str:
    """The text of one message about all the events, the most severe first: the fullest of *longest* characters."""
    style = _Markdown() if markdown else _Text()
    ranked = sorted(notes, key=lambda note: -note.severity)
    for essential in (False, True):
        text = _in_full(ranked, style, essential=essential)
        if len(text) <= longest:
            return text
    return shortened(text if len(notes) == 1 else "\n".join(_titles(ranked, style, longest)), longest)


def title_of(notes: Sequence[Note]) -> str:
    """That of the only event, or how many there are of which severity."""
    if len(notes) == 1:
        return notes[0].title
    counts = Counter(note.severity for note in notes)
    return f"{len(notes)} events: " + ", ".join(f"{counts[each]} {each.word}" for each in sorted(counts, reverse=True))


class _Text:
    """Plain text."""

    def line(self, line: Line) -> str:
        return f"{line.label}: {line.value}"

    def heading(self, text: str) -> str:
        return text

    def item(self, text: str) -> str:
        return f"- {text}"


class _Markdown:
    """The part of CommonMark that the dialects of chat services share: bold, links and lists of one level."""

    def line(self, line: Line) -> str:
        if line.link:
            return f"- [{line.label}]({line.value})"
        return f"- **{escaped(line.label)}:** {escaped(line.value)}"

    def heading(self, text: str) -> str:
        return f"**{escaped(text)}**\n"

    def item(self, text: str) -> str:
        return f"- {escaped(text)}"


def _in_full(notes: Sequence[Note], style: _Text | _Markdown, *, essential: bool) -> str:
    blocks = [_block(note, style, alone=len(notes) == 1, essential=essential) for note in notes]
    return "\n\n".join([*blocks, style.item(_SHORTER)] if essential else blocks)


def _block(note: Note, style: _Text | _Markdown, *, alone: bool, essential: bool) -> str:
    lines = [style.line(line) for line in note.lines if line.essential or not essential]
    return "\n".join(lines if alone else [style.heading(note.title), *lines])


def _titles(notes: Sequence[Note], style: _Text | _Markdown, longest: int) -> Iterator[str]:
    """As many titles as fit beside the number of those that do not."""
    room = longest - len(_more(len(notes), style))
    for index, note in enumerate(notes):
        item = style.item(note.title)
        room -= len(item) + 1
        if room < 0:
            yield _more(len(notes) - index, style)
            return
        yield item


def _more(number: int, style: _Text | _Markdown) -> str:
    return style.item(f"… and {number} more: see the history of events")
