"""pydantic's errors in the words of the file: the value as it is written there, what is wrong, what to do."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from monitor.config.duration import format_duration
from monitor.config.masking import mask_at
from monitor.config.model import SINKS, Account, Aws, Config, Discover, Log, Metrics, Poll, Project, State, Web
from monitor.config.problems import Problem, did_you_mean
from monitor.config.sinks.parts import FORMS, Flapping, QuietWindow, StatusMoves

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from monitor.config.document import Document
    from monitor.config.section import KeyPath, Section

_SECTIONS: Final[Mapping[str, type[Section]]] = {
    "poll": Poll,
    "aws": Aws,
    "state": State,
    "web": Web,
    "metrics": Metrics,
    "log": Log,
}
_ENTRIES: Final[Mapping[tuple[str, ...], type[Section]]] = {
    ("accounts",): Account,
    ("accounts", "discover"): Discover,
    ("projects",): Project,
}
_PARTS: Final[Mapping[str, type[Section]]] = {"statuses": StatusMoves, "quiet": QuietWindow, "flapping": Flapping}
_LONGEST: Final = 120

_LATER_SINKS: Final = frozenset({"sqs", "slack", "email", "alertmanager"})

_PLAIN: Final = {
    "int_parsing": "is not a whole number: write one, as in 8",
    "int_type": "is not a whole number: write one, as in 8",
    "int_from_float": "is not a whole number: write one, as in 8",
    "int_parsing_size": "is not a number that makes sense here",
    "float_parsing": "is not a number: write one, as in 0.5",
    "float_type": "is not a number: write one, as in 0.5",
    "finite_number": "is not a number: write one, as in 0.5",
    "bool_parsing": "is neither true nor false: write one of them",
    "bool_type": "is neither true nor false: write one of them",
    "tuple_type": "is not a list: write it as in [a, b], or one value a line, each after a -",
    "dict_type": "is not a mapping: write keys and values, as in {key: value}",
    "mapping_type": "is not a mapping: write keys and values, as in {key: value}",
    "model_type": "is not a mapping: write keys and values, as in {key: value}",
    "model_attributes_type": "is not a mapping: write keys and values, as in {key: value}",
    "string_unicode": "is not Unicode text: write it again",
}
_LIMITS: Final = {
    "greater_than_equal": ("ge", "is too little: write {} or more"),
    "less_than_equal": ("le", "is too much: write {} or less"),
}


def explain(error: ValidationError, document: Document) -> list[Problem]:
    """Every problem that pydantic found, at most one for each place, in pydantic's order."""
    return [_explain(detail, document) for detail in error.errors(include_url=False) if not _consequence(detail)]


def _consequence(detail: ErrorDetails) -> bool:
    """Whether it only counts the entries that are left when the refused ones, told on their own, are taken away."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _explain(detail: ErrorDetails, document: Document) -> Problem:
    path = _path(detail["loc"])
    if detail["type"].startswith("union_tag"):
        path = (*path, "type")
    return Problem(path=path, text=_text(detail, path, document))


def _text(detail: ErrorDetails, path: KeyPath, document: Document) -> str:
    tell = _TELLERS.get(detail["type"])
    if tell:
        return tell(path, document)
    if detail["input"] is None:
        return "has no value: write one, or take the key out"
    return f"{_quoted(path, detail, document)} {_fault(detail, path, document)}"


def _path(loc: Sequence[int | str]) -> KeyPath:
    """The place in the file: pydantic adds the type of a sink, the form of its statuses, and marks a mapping's keys."""
    parts = [part for part in loc if part != "[key]"]
    if parts[:1] == ["sinks"] and len(parts) > 2:  # noqa: PLR2004 - sinks, index, type
        del parts[2]
        if parts[2:3] == ["statuses"] and parts[3:4] and parts[3] in FORMS:
            del parts[3]
    return tuple(parts)


def section_of(path: KeyPath, data: Any) -> type[Section] | None:
    """The model of the mapping at *path*, None where no mapping of settings stands."""
    match path:
        case ():
            return Config
        case ("sinks", int(index)):
            kind = data["sinks"][index].get("type")
            return SINKS.get(kind) if isinstance(kind, str) else None
        case ("sinks", int(), str(name), *_):
            return _PARTS.get(name)
        case (str(name),):
            return _SECTIONS.get(name)
        case _:
            return _ENTRIES.get(tuple(part for part in path if isinstance(part, str)))


def _empty_list(path: KeyPath, _document: Document) -> str:
    if path == ("projects",):
        return "is an empty list: write one project at least, or `discover` into one of the accounts"
    return "is an empty list: take the key out for all, or write one at least"


def _no_sink_type(_path: KeyPath, _document: Document) -> str:
    return f"is missing: write {_either(SINKS)}"


def _missing(path: KeyPath, document: Document) -> str:
    section = section_of(path[:-1], document.data)
    examples = section.model_fields[str(path[-1])].examples if section else None
    return "is missing" + (f": write it as in {path[-1]}: {json.dumps(examples[0])}" if examples else "")


def _unknown_key(path: KeyPath, document: Document) -> str:
    key = str(path[-1])
    section = section_of(path[:-1], document.data)
    known = [field.alias or name for name, field in section.model_fields.items()] if section else []
    near = did_you_mean(key, known)
    if near:
        return f"is not a key{near}"
    homes = [name for name, other in _SECTIONS.items() if key in other.model_fields and path[:-1] != (name,)]
    if homes:
        return f"is not a key here: it belongs under {homes[0]}"
    return f"is not a key: known are {', '.join(known)}"


def _sink_type(path: KeyPath, document: Document) -> str:
    written = document.places[path].written
    if written is None:
        return f"is not a word: write {_either(SINKS)}"
    if written in _LATER_SINKS:
        return f'"{written}" is not supported yet: write {_either(SINKS)}'
    return f'"{written}" is not a type of sink{did_you_mean(written, SINKS) or ":"} write {_either(SINKS)}'


def _either(words: Mapping[str, object]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}"


def _quoted(path: KeyPath, detail: ErrorDetails, document: Document) -> str:
    """The value as the file writes it, with its secrets masked: what came from the environment is never shown."""
    if "[key]" in detail["loc"]:
        return f'"{path[-1]}"'
    value = _at(document.data, path)
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    place = document.places.get(path)
    written = mask_at(path, place.written if place and place.written is not None else str(value))
    shown = written if len(written) <= _LONGEST else written[:_LONGEST] + "…"
    return json.dumps(shown, ensure_ascii=False) if isinstance(value, str) else shown


def _at(data: Any, path: KeyPath) -> Any:
    for part in path:
        data = data[part]
    return data


def _literal(expected: str, path: KeyPath, document: Document) -> str:
    words = expected.replace("'", "")
    place = document.places.get(path)
    near = did_you_mean(place.written or "", words.replace(" or ", ", ").split(", ")) if place else ""
    return f"is none of {words}{near}"


def _not_text(value: object) -> str:
    if isinstance(value, bool):
        return "is a truth value in YAML, and a text is wanted: put it in quotes"
    if isinstance(value, (int, float)):
        return "is a number in YAML, and a text is wanted: put it in quotes"
    return "is not a text: write one value"


def _beyond(kind: str, path: KeyPath, document: Document) -> str:
    """The limit as the model has it: pydantic's error holds that of a duration in its own words."""
    name, said = _LIMITS[kind]
    section = section_of(path[:-1], document.data)
    metadata = section.model_fields[str(path[-1])].metadata if section else []
    limit = next(getattr(constraint, name) for constraint in metadata if hasattr(constraint, name))
    return said.format(format_duration(limit) if isinstance(limit, timedelta) else limit)


def _fault(detail: ErrorDetails, path: KeyPath, document: Document) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return _literal(context["expected"], path, document)
    if kind == "string_type":
        return _not_text(detail["input"])
    if kind in _LIMITS:
        return _beyond(kind, path, document)
    return _PLAIN.get(kind) or f"is refused: {detail['msg']}"


_TELLERS: Final[Mapping[str, Callable[[KeyPath, Document], str]]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "too_short": _empty_list,
    "union_tag_not_found": _no_sink_type,
    "union_tag_invalid": _sink_type,
}
