"""Templates in the configuration, tried on a sample of every event that they will get."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


def check_template(text: str, *, types: Collection[str] = (), content_type: str = "text/plain") -> str:
    """*text*, a template that renders every event that may reach it.

    Args:
        text: The template.
        types: The types of events that it will get; empty for all.
        content_type: Of what it makes, which must then be JSON if this says so.

    Raises ValueError, which says the line of the template and the type of the event.
    """
    from monitor.domain.samples import sample_events  # noqa: PLC0415 - Jinja2 is large, and most files have no template
    from monitor.template import compile_template  # noqa: PLC0415 - as above

    template = compile_template(text)
    for event in sample_events():
        if types and event.type not in types:
            continue
        try:
            made = template.render(event.document)
        except ValueError as error:
            advice = "give it a default(…) or ask with {% if %}, or leave the type out by `types`"
            raise ValueError(f"fails on an event of type {event.type}: {error}: {advice}") from None
        if is_json(content_type):
            _check_json(made, event.type)
    return text


def is_json(content_type: str) -> bool:
    """Whether what has this Content-Type is JSON: application/json, or a type that ends with +json (RFC 6839)."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _check_json(made: str, event_type: str) -> None:
    try:
        json.loads(made)
    except ValueError as error:
        advice = "put texts through the filter tojson, or set another content_type"
        raise ValueError(f"makes no JSON of an event of type {event_type}: {error}: {advice}") from None
