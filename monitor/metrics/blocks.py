"""The lines of one metric, those of many projects to a block, so that a scrape joins hundreds of parts and not 100,000.

A block is kept as text until somebody wants it compressed, and from then on only compressed, which is a fortieth, until
somebody wants the text or a project of it changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from monitor.metrics.deflate import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.metrics.deflate import Packed

Key = tuple[str, str, str]
"""What a project is known by in its labels, and where its lines stand: account, region, name."""

_TARGET: Final = 256 * 1024
"""Bytes of text. A change of one project costs its block's compressing, about a millisecond; each block that is sent
costs some 50 µs."""

_FRAGMENTED: Final = 4
"""A metric with more blocks than this many times what its text needs is divided anew."""


class Block:
    """The lines of some projects that stand together."""

    __slots__ = ("_packed", "_sizes", "_text", "first", "size")

    def __init__(self, pieces: Sequence[tuple[Key, bytes]]) -> None:
        """*pieces* in their order, one at least."""
        self._sizes = {key: len(piece) for key, piece in pieces}
        self._text: bytes | None = b"".join(piece for _, piece in pieces)
        self._packed: Packed | None = None
        self.first: Final = pieces[0][0]
        self.size: Final = len(self._text)

    def text(self) -> bytes:
        """The lines, plain; held until they are wanted compressed."""
        if self._text is None:
            assert self._packed is not None
            self._text = unpack(self._packed)
        return self._text

    def packed(self) -> Packed:
        """The lines, compressed; the plain ones are let go."""
        if self._packed is None:
            self._packed = pack(self.text())
        self._text = None
        return self._packed

    def pieces(self) -> Iterator[tuple[Key, bytes]]:
        """Each project's lines."""
        text = self.text()
        ends = accumulate(self._sizes.values(), initial=0)
        for key, (start, end) in zip(self._sizes, pairwise(ends), strict=True):
            yield key, text[start:end]


class Blocks:
    """The lines of every project, in the order of their keys. Not for use by two threads at once."""

    def __init__(self, target: int = _TARGET) -> None:
        """*target* is about how many bytes of text make a block."""
        self._target = target
        self._blocks: list[Block] = []

    def change(self, pieces: Mapping[Key, bytes]) -> None:
        """Put these in the place of the projects' lines; empty ones are gone."""
        if not self._blocks:
            self._blocks = self._divided({}, pieces)
            return
        changed = self._by_block(pieces)
        made: list[Block] = []
        for index, block in enumerate(self._blocks):
            made += self._divided(dict(block.pieces()), changed[index]) if index in changed else [block]
        self._blocks = made
        if len(made) > _FRAGMENTED * (1 + sum(block.size for block in made) // self._target):
            self._blocks = self._divided({}, dict(piece for block in made for piece in block.pieces()))

    def text(self) -> list[bytes]:
        """All lines, in parts."""
        return [block.text() for block in self._blocks]

    def packed(self) -> list[Packed]:
        """All lines, in compressed parts."""
        return [block.packed() for block in self._blocks]

    def _by_block(self, pieces: Mapping[Key, bytes]) -> Mapping[int, Mapping[Key, bytes]]:
        """The pieces by the index of the block that they are or belong in."""
        firsts = [block.first for block in self._blocks]
        found: defaultdict[int, dict[Key, bytes]] = defaultdict(dict)
        for key, piece in pieces.items():
            found[max(bisect_right(firsts, key) - 1, 0)][key] = piece
        return found

    def _divided(self, before: dict[Key, bytes], changes: Mapping[Key, bytes]) -> list[Block]:
        """Blocks of about the target; a single one may grow to twice of it, so that few changes divide it again."""
        pieces = sorted((key, piece) for key, piece in (before | dict(changes)).items() if piece)
        most = self._target if sum(len(piece) for _, piece in pieces) > 2 * self._target else 2 * self._target
        blocks, start, size = [], 0, 0
        for end, (_, piece) in enumerate(pieces, 1):
            size += len(piece)
            if size >= most or end == len(pieces):
                blocks.append(Block(pieces[start:end]))
                start, size = end, 0
        return blocks
