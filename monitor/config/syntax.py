"""YAML text to nodes, or to one sentence on why not.

libyaml reads ten times faster, PyYAML's own parser explains better: a file that the first refuses is given to the
second for its message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from yaml.nodes import Node

MAX_DEPTH: Final = 32
"""Levels of nesting; the deepest setting has 5. libyaml's composer overflows the stack at some 10,000."""

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENING: Final = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING: Final = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_HINTS: Final = (
    ("'\\t'", "indent with spaces, not with a tab"),
    ("that cannot start any token", "put the text in quotes"),
    (
        "mapping values are not allowed",
        'put a text that holds ": " in quotes, and begin keys of one mapping in one column',
    ),
    ("undefined alias", "define the anchor (&name) above its use, or put a text that begins with * in quotes"),
    ("expected <block end>", "begin the keys of one mapping in the same column"),
    ("expected ',' or", "put a comma between two entries, and close the bracket"),
    ("could not find expected ':'", "write a key as in key: value"),
    ("quoted scalar", "close the quotes"),
    ("expected a single document", "keep one document in the file, without a second ---"),
)


class SyntaxProblemError(Exception):
    """The text is not YAML; says why, and what to do. *line* is counted from 1."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.line = line


def compose(text: str) -> Node | None:
    """The root node of *text*, None for an empty document. Raises SyntaxProblemError."""
    try:
        _refuse_depth(text)
        root: Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise _explained(text, _better(text, error)) from None
    return root


def _refuse_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)
        if depth > MAX_DEPTH:
            raise SyntaxProblemError(f"is nested more than {MAX_DEPTH} deep: write it flatter", _line(event.start_mark))


def _better(text: str, error: yaml.YAMLError) -> yaml.YAMLError:
    try:
        yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as better:
        return better
    except (ValueError, OverflowError):  # an escape beyond Unicode: PyYAML's own parser fails where libyaml says so
        return error
    return error


def _explained(text: str, error: yaml.YAMLError) -> SyntaxProblemError:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return SyntaxProblemError(
            f"is not YAML: holds the character {_code(error.character)}, which is not allowed: take it out", line
        )
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return SyntaxProblemError(f"is not YAML: {error}", 1)
    line = _line(error.problem_mark)
    said = ", ".join(part for part in (error.context, error.problem) if part)
    return SyntaxProblemError(f"is not YAML: {said}: {_hint(said, text, line)}", line)


def _line(mark: Any) -> int:
    """Counted from 1; marks count from 0, and libyaml's are of another type than PyYAML's."""
    return int(mark.line) + 1


def _code(character: str | int | bytes) -> str:
    number = character if isinstance(character, int) else ord(character)
    return f"U+{number:04X}"


def _hint(said: str, text: str, line: int) -> str:
    lines = text.splitlines()
    if line <= len(lines) and "${" in lines[line - 1] and "flow" in said:
        return "put a value with ${NAME} in quotes"
    return next((hint for sign, hint in _HINTS if sign in said), "compare with the example, config/monitor.yaml")
