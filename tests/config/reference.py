"""The tables of docs/configuration.md, made from the models.

`render_document` puts them between the two marks of the page; the rest of the page is written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, Union, get_args, get_origin

from monitor.config.duration import format_duration
from monitor.config.model import (
    Account,
    Aws,
    Config,
    Discover,
    FileSink,
    Log,
    LogSink,
    Metrics,
    Poll,
    Project,
    Sink,
    State,
    Web,
)
from monitor.config.schema import defaults
from monitor.config.section import Section
from monitor.config.sinks import AppriseSink, EventBridgeSink, SnsSink, WebhookSink
from monitor.config.sinks.parts import Flapping, QuietWindow, StatusMoves

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

PAGE: Final = Path(__file__).parents[2] / "docs" / "configuration.md"

BEGIN: Final = "<!-- reference: begin (made from monitor/config/model.py by `make docs`) -->"
END: Final = "<!-- reference: end -->"

_SECTIONS: Final[tuple[tuple[str, type[BaseModel], str], ...]] = (
    ("poll", Poll, ""),
    ("aws", Aws, ""),
    ("state", State, ""),
    ("web", Web, ""),
    ("metrics", Metrics, ""),
    ("log", Log, ""),
    ("accounts[]", Account, f"{Config.model_fields['accounts'].description} Each has:"),
    ("accounts[].discover", Discover, ""),
    ("projects[]", Project, f"{Config.model_fields['projects'].description} Each has:"),
    ("sinks[]", Sink, f"{Config.model_fields['sinks'].description} Each has, besides its `type`:"),
    ("sinks[].statuses", StatusMoves, "Where it is a mapping."),
    ("sinks[].quiet[]", QuietWindow, ""),
    ("sinks[].flapping", Flapping, "For sinks that people read."),
    ("sinks[] of type log", LogSink, ""),
    ("sinks[] of type file", FileSink, ""),
    ("sinks[] of type sns", SnsSink, ""),
    ("sinks[] of type eventbridge", EventBridgeSink, ""),
    ("sinks[] of type apprise", AppriseSink, ""),
    ("sinks[] of type webhook", WebhookSink, ""),
)
_WORDS: Final[Mapping[Any, str]] = {
    timedelta: "duration",
    int: "whole number",
    float: "number",
    bool: "true or false",
    str: "text",
    NoneType: "null",
}


def render_reference() -> str:
    """A heading and a table for each section."""
    return "\n".join(_section(title, model, lead) for title, model, lead in _SECTIONS)


def render_document(page: str) -> str:
    """*page* with its tables made anew. Raises ValueError for a page without the marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the page has no marks for the reference")
    return f"{before}{begin}\n\n{render_reference()}\n{end}{after}"


def render_page() -> str:
    """docs/configuration.md with its tables made anew."""
    return render_document(PAGE.read_text(encoding="utf-8"))


def _section(title: str, model: type[BaseModel], lead: str) -> str:
    general = () if model is Sink else Sink.model_fields if issubclass(model, Sink) else ()
    rows = [_row(model, name, field) for name, field in model.model_fields.items() if name not in general]
    head = ["| key | type | default | limits | meaning |", "|---|---|---|---|---|"]
    return "\n".join([f"### `{title}`", "", lead or str(model.__doc__), "", *head, *rows, ""])


def _row(model: type[BaseModel], name: str, field: FieldInfo) -> str:
    name = field.alias or name
    default = f"`{_yaml(defaults(model)[name])}`" if not field.is_required() else "required"
    empty = "none" if name in ("headers", "labels", "quiet", "exclude", "tags", "regions") else "all"
    default = empty if default in ("`[]`", "`{}`") else default
    meaning = str(field.description).replace("|", "\\|")
    return f"| `{name}` | {_type(field.annotation)} | {default} | {_limits(field)} | {meaning} |"


def _yaml(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _type(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in inner)
    if origin in (Union, UnionType):
        return " or ".join(_type(option) for option in inner)
    if origin is tuple:
        words = _type(inner[0])
        return f"list of {words}" if words.startswith("`") else f"list of {words}s"
    if hasattr(annotation, "__metadata__"):
        return _type(inner[0])
    return _word(annotation)


def _word(annotation: Any) -> str:
    if get_origin(annotation) is Mapping:
        return "mapping of texts"
    return "mapping" if issubclass(annotation, Section) else _WORDS[annotation]


def _limits(field: FieldInfo) -> str:
    found = {
        name: getattr(c, name) for c in field.metadata for name in ("ge", "le") if getattr(c, name, None) is not None
    }
    shown = [format_duration(limit) if isinstance(limit, timedelta) else f"{limit}" for limit in found.values()]
    return " to ".join(shown)
