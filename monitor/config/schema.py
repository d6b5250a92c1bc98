"""The JSON Schema of the file, for editors. Made from the models, kept in config/monitor.schema.json.

A value that the program reads from text (a number, a truth value, a word of a closed set) may stand there as `${NAME}`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

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
    State,
    Web,
)
from monitor.config.sinks.parts import QuietWindow, StatusMoves

if TYPE_CHECKING:
    from pydantic import BaseModel

MODELS: Final = (
    Poll,
    Aws,
    State,
    Web,
    Metrics,
    Log,
    Account,
    Discover,
    Project,
    LogSink,
    FileSink,
    StatusMoves,
    QuietWindow,
)

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_FROM_ENVIRONMENT: Final = {
    "description": "Taken from the environment: ${NAME}.",
    "type": "string",
    "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*\}",
}
_SOMETHING_TO_WATCH: Final = [
    {"required": ["projects"], "properties": {"projects": {"minItems": 1}}},
    {"required": ["accounts"], "properties": {"accounts": {"contains": {"required": ["discover"]}}}},
]
_CLOSED: Final = ("integer", "number", "boolean")


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a configuration file."""
    made = Config.model_json_schema()
    for model in MODELS:
        _set_defaults(made["$defs"][model.__name__], model)
    for section in (made, *made["$defs"].values()):
        _complete(section)
    made["$defs"]["FromEnvironment"] = _FROM_ENVIRONMENT
    return {"$schema": _DIALECT, **made, "title": "rekognition-monitor", "anyOf": _SOMETHING_TO_WATCH}


def render_schema() -> str:
    """The text of config/monitor.schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def defaults(model: type[BaseModel]) -> dict[str, Any]:
    """The defaults of *model*, as the file writes them; keys that have none are missing."""
    optional = {name for name, field in model.model_fields.items() if not field.is_required()}
    return model.model_construct().model_dump(mode="json", include=optional)


def _set_defaults(section: dict[str, Any], model: type[BaseModel]) -> None:
    for name, value in defaults(model).items():
        section["properties"][name]["default"] = value


def _complete(section: dict[str, Any]) -> None:
    """Takes out what says nothing: titles, examples that are the default, the default of a whole section."""
    for name, value in list(section.get("properties", {}).items()):
        value.pop("title", None)
        if value.get("examples") == [value.get("default")]:
            value.pop("examples")
        if isinstance(value.get("default"), (dict, list)):
            value.pop("default")
        for option in value.get("anyOf", ()):
            option.pop("ge", None)  # pydantic's own, of limits on an optional duration
            option.pop("le", None)
        section["properties"][name] = _or_from_environment(value)


def _or_from_environment(value: dict[str, Any]) -> dict[str, Any]:
    reference = {"$ref": "#/$defs/FromEnvironment"}
    if "items" in value:
        return {**value, "items": _or_from_environment(value["items"])}
    if "oneOf" in value:
        return {**value, "oneOf": [_or_from_environment(option) for option in value["oneOf"]]}
    if value.get("type") in _CLOSED or "enum" in value or "pattern" in value:
        about: dict[str, Any] = {key: value.pop(key) for key in ("description", "default", "examples") if key in value}
        return {**about, "anyOf": [value, reference]}
    if "anyOf" in value and any("pattern" in option for option in value["anyOf"]):
        return {**value, "anyOf": [*value["anyOf"], reference]}
    return value
