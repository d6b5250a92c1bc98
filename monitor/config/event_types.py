"""The types of events as a sink's `types` names them: whole, or by a short word."""

from __future__ import annotations

from typing import Final

from monitor.domain.events import EventType

PREFIX: Final = "rekognition."

TYPES: Final = tuple(kind.value for kind in EventType)


def expand(word: str) -> tuple[str, ...]:
    """The types that *word* stands for; none for a word that stands for nothing.

    A word is a type (`rekognition.project.recovered`), a type without its prefix (`project.recovered`), or its last
    part (`recovered`). A last part that versions and projects share (`appeared`, `disappeared`) stands for both.
    """
    return tuple(name for name in TYPES if word in (name, name.removeprefix(PREFIX), name.rpartition(".")[2]))


def words() -> tuple[str, ...]:
    """Every word that `expand` knows, short ones first."""
    last = dict.fromkeys(name.rpartition(".")[2] for name in TYPES)
    return (*last, *(name.removeprefix(PREFIX) for name in TYPES), *TYPES)
