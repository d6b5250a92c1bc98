"""Looking for words: the filter of the pages, the API and the terminal, whether for versions or for events."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def words_of(text: str) -> list[str]:
    """What is looked for, in lower case."""
    return text.lower().split()


def holds(texts: Iterable[str], words: Iterable[str]) -> bool:
    """Whether each of *words*, as of `words_of`, occurs in one of *texts*, in whatever case."""
    whole = "\n".join(texts).lower()
    return all(word in whole for word in words)
