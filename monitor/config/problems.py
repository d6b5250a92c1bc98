"""What is wrong with a configuration, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.config.section import KeyPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, or that deserves a warning.

    Attributes:
        path: Where; empty for the file as a whole.
        text: What is wrong, what to do.
        line: Counted from 1; None where it is to be found from the path.
    """

    path: KeyPath
    text: str
    line: int | None = None


def dotted(path: KeyPath) -> str:
    """A path as people write it: `projects[0].labels.team`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean x?` for the nearest known word, or nothing if none is near."""
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
