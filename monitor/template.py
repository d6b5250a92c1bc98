"""Text templates that the operator writes (Jinja2), in a sandbox.

A template sees the event and nothing else: no file, no module, no environment, no object of ours; it changes nothing
and includes nothing. What it may use up is bounded where a slip could cost the daemon its memory; it is the operator's
own, so it is not held for an attack.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import jinja2
    from jinja2.runtime import Context

MAX_CHARACTERS: Final = 256 * 1024
"""Of what one rendering makes; an event itself has some 2,000."""

_FILENAME: Final = "<template>"
"""What Jinja2 calls a template that came from a text, in the frames of a traceback."""
_PADDING: Final = frozenset({"center", "expandtabs", "format", "format_map", "ljust", "rjust", "zfill"})
"""Filters and methods of texts that pad to any width."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's own, in which nothing makes much of little: `"x" * 10 ** 10` is refused before it is done."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _PADDING and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """Nothing takes the place of `str.format`, so that it is refused like the others that pad."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
            raise SecurityError(f"{operator} of these is not allowed in a template")
        return super().call_binop(context, operator, left, right)


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read. Two of the same text are equal."""

    text: str
    _compiled: jinja2.Template = field(compare=False, repr=False)

    def render(self, document: Mapping[str, Any]) -> str:
        """The text that the template makes of an event.

        Args:
            document: The CloudEvent. Its members are the names of the template (`type`, `data.summary`), and `event`
                is the whole.

        Raises ValueError with the line for what cannot be rendered: a name that the event does not have (give it a
        `default(…)`), or a text of more than `MAX_CHARACTERS`.
        """
        try:
            return _bounded(self._compiled.generate({**document, "event": document}))
        except Exception as error:  # noqa: BLE001 - a filter raises whatever Python makes of the values it is given
            raise ValueError(_told(error)) from None


def compile_template(text: str) -> Template:
    """*text* as a template. Raises ValueError, which says the line, for one that is none."""
    try:
        return Template(text, _environment().from_string(text))
    except TemplateSyntaxError as error:
        raise ValueError(f"is not a template: line {error.lineno}: {error.message}") from None
    except (RecursionError, SyntaxError) as error:  # Python's own, of what Jinja2 makes of it
        raise ValueError(f"is not a template: it is nested too deeply ({error})") from None


def _bounded(pieces: Iterable[str]) -> str:
    taken: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MAX_CHARACTERS:
            raise ValueError(f"makes a text of more than {MAX_CHARACTERS:,} characters: make it shorter")
        taken.append(piece)
    return "".join(taken)


def _environment() -> jinja2.Environment:
    environment = _Sandbox(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)
    environment.globals.clear()
    environment.policies["json.dumps_kwargs"] = {"default": str}  # so that a name that is not there says which it is
    for name in _PADDING & environment.filters.keys():
        del environment.filters[name]
    return environment


def _told(error: Exception) -> str:
    """What went wrong, and in which line of the template."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _FILENAME]
    where = f"line {lines[-1]}: " if lines else ""
    return f"{where}{error}"
