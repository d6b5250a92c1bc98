"""What a PromQL expression names: metrics, matchers, and labels in groupings. Enough for rules and panels, no parser.

Prometheus itself checks the syntax; what it cannot know is which metrics and labels there are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NAME: Final = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_STRING: Final = r'"(?:[^"\\]|\\.)*"'
_GROUPING: Final = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
_MATCHER: Final = re.compile(rf"({_NAME})\s*(=~|!~|!=|=)\s*({_STRING})")
_SELECTOR: Final = re.compile(rf"(?<![\w:$.])({_NAME})(?![\w:])(?!\s*\()(?:\s*\{{((?:[^{{}}\"]|{_STRING})*)\}})?")
_DURATION: Final = re.compile(r"\[[^\]]*\]|\boffset\s+\w+")
_WORDS: Final = frozenset({"and", "or", "unless", "bool", "Inf", "NaN"})
"""Not metrics. Words that are always followed by a parenthesis are no names anyway."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A condition on a label."""

    label: str
    operator: str
    value: str

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The words that it names; none where it is a pattern of another kind than `a|b`."""
        if self.operator in ("=", "!="):
            return (self.value,)
        words = tuple(self.value.split("|"))
        return words if all(re.fullmatch(r"\w+", word) for word in words) else ()


@dataclass(frozen=True, slots=True)
class Selector:
    """A metric and the conditions on its labels."""

    metric: str
    matchers: tuple[Matcher, ...] = ()


def selectors(expression: str) -> list[Selector]:
    """Every metric that is named, with what is asked of it, in order."""
    text = _DURATION.sub("", _GROUPING.sub(" ", expression))
    return [
        Selector(name, _matchers(conditions or ""))
        for name, conditions in _SELECTOR.findall(text)
        if name not in _WORDS
    ]


def grouping_labels(expression: str) -> set[str]:
    """The labels in `by`, `without`, `on`, `ignoring`, `group_left` and `group_right`."""
    return {label.strip() for inside in _GROUPING.findall(expression) for label in inside.split(",") if label.strip()}


def _matchers(text: str) -> tuple[Matcher, ...]:
    return tuple(Matcher(label, operator, value[1:-1]) for label, operator, value in _MATCHER.findall(text))
