"""How much an event matters, in four steps that have an order."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """Compare with `<`; say with `word`."""

    INFO = 1
    WARNING = 2
    ERROR = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The name used outside: in events, metrics and the configuration."""
        return self.name.lower()

    @classmethod
    def parse(cls, word: str) -> Severity:
        """The severity of a word. Raises ValueError for any other."""
        try:
            return cls[word.upper()]
        except KeyError:
            raise ValueError(f"{word!r} is not a severity") from None
