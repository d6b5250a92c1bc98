"""The lines of one project and one metric, on their way into a block."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

_WORTH_COMPRESSING: Final = 1024
"""Bytes. Below it, what Python and zlib take for each piece would be more than what is saved."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines, and their size as text in bytes."""

    size: int
    data: bytes
    compressed: bool = False

    def text(self) -> bytes:
        """The lines."""
        return zlib.decompress(self.data, bufsize=self.size) if self.compressed else self.data


def piece_of(text: bytes) -> Piece:
    """*text* as it is."""
    return Piece(len(text), text)


def waiting(text: bytes) -> Piece:
    """*text* until the next scrape: compressed where it is large, as nobody may scrape for long."""
    if len(text) < _WORTH_COMPRESSING:
        return piece_of(text)
    return Piece(len(text), zlib.compress(text, 1), compressed=True)


NOTHING: Final = piece_of(b"")
