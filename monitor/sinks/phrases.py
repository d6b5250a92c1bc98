"""Facts as short phrases for people, and foreign text made harmless for the services that show it.

Whatever AWS says may be anybody's words: who may create a model or describe a version may write them. A chat service
must show them and never obey them.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from monitor.domain.document import parse_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST: Final = 500
"""Characters of one foreign text; AWS's status messages have fewer than 200."""

_ELLIPSIS: Final = "…"
_BREAK: Final = "\N{ZERO WIDTH SPACE}"
_SPACES: Final = re.compile(r"\s+")
_LEAD: Final = re.compile(r"[@<](?=\S)|\](?=\()")
"""How mentions and tags begin (@everyone, <!channel>, <@U1>, <users/all>, <at>, <b>), and where a text becomes a link.

Some services read Markdown that apprise gives plain text, Mattermost for one: what is left for them is emphasis.
"""
_MARKUP: Final = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,32};)")
"""What Markdown or one of its dialects could act upon within a line. An underscore inside a word means nothing."""

_UNITS: Final = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def plain(value: object, longest: int = LONGEST) -> str:
    """A foreign text on one line, shortened, that turns no reading direction and mentions nobody.

    Line ends and runs of spaces become one space, what cannot be seen becomes U+FFFD, and a zero width space parts the
    @ or < of a mention from its name and the text of a link from its address.
    """
    text = _SPACES.sub(" ", str(value)).strip()
    seen = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return _LEAD.sub(rf"\g<0>{_BREAK}", shortened(seen, longest))


def shortened(text: str, longest: int) -> str:
    """*text*, or its beginning and an ellipsis, *longest* characters in all."""
    return text if len(text) <= longest else text[: max(0, longest - 1)].rstrip() + _ELLIPSIS


def shortened_within(text: str, longest: int) -> str:
    """*text*, or its beginning and its end with an ellipsis between: names often differ at the end."""
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 2
    return text[: longest - 1 - tail] + _ELLIPSIS + text[len(text) - tail :]


def escaped(text: str) -> str:
    """*text* for the middle of a line of Markdown (CommonMark), where it shows as it is."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}", text)


def without_markup(text: str) -> str:
    """*text* with U+FFFD for what could be markup: for titles, which some services read as Markdown and some do not."""
    return _MARKUP.sub("\N{REPLACEMENT CHARACTER}", text)


def in_markdown(text: str) -> str:
    """A foreign text for the middle of a line of Markdown."""
    return escaped(plain(text))


def in_title(text: str) -> str:
    """A foreign text for a title."""
    return without_markup(plain(text))


def harmless(value: Any, form: Callable[[str], str]) -> Any:
    """A document with every text in it put into *form*, for templates: what they add themselves stays markup."""
    if isinstance(value, dict):
        return {name: harmless(inner, form) for name, inner in value.items()}
    if isinstance(value, list):
        return [harmless(inner, form) for inner in value]
    return form(value) if isinstance(value, str) else value


def moment(text: str) -> str:
    """A time of a document to the second: `2026-11-21 18:00:00 UTC`."""
    return f"{parse_time(text):%Y-%m-%d %H:%M:%S} UTC"


def span(seconds: float) -> str:
    """A duration by its two largest units, the rest cut off: `1 h 21 min`, `0 s`."""
    whole = max(0, int(seconds))
    for position, (unit, size) in enumerate(_UNITS):
        if whole >= size:
            rest = whole % size
            name, smaller = _UNITS[min(position + 1, len(_UNITS) - 1)]
            return f"{whole // size} {unit}" + (f" {rest // smaller} {name}" if rest >= smaller else "")
    return "0 s"


def value_phrase(value: Any) -> str:
    """A value of a document in a few words: `none` where there is none."""
    if value is None:
        return "none"
    return plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def difference(now: Any, before: Any) -> str:
    """What a number was and by how much it changed, to go after it; empty where it was none or is the same."""
    if not (_is_number(now) and _is_number(before)) or now == before:
        return ""
    return f", was {before:g} ({now - before:+.4g})"


def units(version: Mapping[str, Any]) -> str | None:
    """The inference units: `1`, or `1 to 3` where AWS scales between two numbers; None where AWS tells none."""
    found = (version.get("min_inference_units"), version.get("max_inference_units"))
    numbers = {number for number in found if _is_number(number)}
    return " to ".join(f"{number:g}" for number in sorted(numbers)) or None


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
