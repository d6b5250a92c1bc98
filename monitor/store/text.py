"""Facts as JSON text for the database, and text that any database takes.

orjson does the work. What it cannot carry exactly goes through the standard library's json: integers beyond 64 bits,
lone surrogates (AWS's JSON may hold either, and the standard library's parser lets both in) and numbers that are not
finite. Otherwise a version that was read back would differ from itself, and a restart would tell of a change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import orjson

_EXACT: Final = " "
"""What the text begins with when the standard library wrote it and has to read it: JSON allows space there."""


def encode(document: Mapping[str, Any]) -> str:
    """*document* as text that `decode` gives back exactly."""
    try:
        text = orjson.dumps(document, default=_plain)
    except TypeError:
        return _EXACT + _standard(document)
    if b"null" in text:  # what orjson makes of NaN and the infinities
        return _EXACT + _standard(document)
    return text.decode()


def decode(text: str) -> Any:
    """What `encode` was given. Raises ValueError for text that is not JSON."""
    return json.loads(text) if text.startswith(_EXACT) else orjson.loads(text)


def encode_event(document: Mapping[str, Any]) -> str:
    """A CloudEvent as text on one line for any reader of JSON.

    Numbers that are not finite become null, and half of a surrogate pair a question mark: it is no character,
    CloudEvents allows none ("Type System", String), and many readers, orjson among them, refuse the whole document.
    """
    try:
        return orjson.dumps(document, default=_plain).decode()
    except TypeError:
        finite = json.loads(_standard(document), parse_constant=lambda _: None)
        return storable(json.dumps(finite, separators=(",", ":"), ensure_ascii=False))


def storable(text: str) -> str:
    """*text* without lone surrogates, which UTF-8 cannot carry."""
    return text.encode("utf-8", "replace").decode()


def _standard(document: Mapping[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"), default=_plain)


def _plain(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
