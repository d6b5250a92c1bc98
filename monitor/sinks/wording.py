"""The message of an errand, in the operator's words where there is a template, else in the monitor's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from monitor.sinks.forms import compose, title_of
from monitor.sinks.phrases import harmless, in_markdown, in_title, plain, shortened
from monitor.sinks.words import LONGEST_TITLE, note
from monitor.template import compile_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.sinks.errand import Errand

_LONGEST: Final = 4000
"""Characters of an event in the monitor's own words where the template failed."""
_BLENDING: Final = 16
"""Characters that apprise puts around a title that goes into the body, at most."""


@dataclass(frozen=True, slots=True)
class Form:
    """One message.

    Attributes:
        title: The monitor's own holds no markup, so it is the same in every format.
        body: In the format that was asked for.
    """

    title: str
    body: str


def word(errand: Errand, *, markdown: bool, longest: int, blended: bool = False) -> Form:
    """One message of all the errand's events.

    Args:
        errand: The events, and the operator's templates.
        markdown: Else plain text.
        longest: Characters of the body, at most.
        blended: The title stands in the body, and needs its room there.

    A template gets the document with every text in it made harmless. Where it fails, that event is told in the
    monitor's own words, and that it failed: people are told in any case. A template of the title serves single events.
    """
    notes = [note(document) for document in errand.documents]
    title = title_of(notes)
    if errand.title_template and len(notes) == 1:
        title = _own_title(errand.title_template, errand.documents[0]) or title
    room = max(1, longest - (len(title) + _BLENDING if blended else 0))
    if not errand.template:
        return Form(title=title, body=compose(notes, markdown=markdown, longest=room))
    bodies = [_body(errand.template, document, markdown=markdown) for document in errand.documents]
    return Form(title=title, body=shortened("\n\n".join(bodies), room))


def _own_title(template: str, document: Mapping[str, Any]) -> str | None:
    """The title that the template makes; None where it makes none."""
    try:
        return shortened(plain(compile_template(template).render(harmless(document, in_title))), LONGEST_TITLE)
    except ValueError:
        return None


def _body(template: str, document: Mapping[str, Any], *, markdown: bool) -> str:
    try:
        return compile_template(template).render(harmless(document, in_markdown if markdown else plain))
    except ValueError as error:
        own = compose([note(document)], markdown=markdown, longest=_LONGEST)
        return f"{own}\n\n{plain(f'(The template of this sink failed: {error})')}"
