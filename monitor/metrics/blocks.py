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
from monitor.metrics.piece import piece_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from monitor.metrics.deflate import Packed
    from monitor.metrics.piece import Piece

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

    def __init__(self, pieces: Sequence[tuple[Key, Piece]]) -> None:
        """*pieces* in their order, one at least."""
        self._sizes = {key: piece.size for key, piece in pieces}
        self._text: bytes | None = b"".join([piece.text() for _, piece in pieces])
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

    def pieces(self) -> Iterator[tuple[Key, Piece]]:
        """Each project's lines."""
        text = self.text()
        ends = accumulate(self._sizes.values(), initial=0)
        for key, (start, end) in zip(self._sizes, pairwise(ends), strict=True):
            yield key, piece_of(text[start:end])


class Blocks:
    """The lines of every project, in the order of their keys. Not for use by two threads at once."""

    def __init__(self, target: int = _TARGET) -> None:
        """*target* is about how many bytes of text make a block."""
        self._target = target
        self._blocks: list[Block] = []

    def text(self, changes: Mapping[Key, Piece]) -> list[bytes]:
        """All lines, in parts, after *changes* took the place of the projects' own; empty ones are gone."""
        self._blocks = list(self._changed(changes))
        return [block.text() for block in self._blocks]

    def packed(self, changes: Mapping[Key, Piece]) -> list[Packed]:
        """The same in compressed parts. Each is compressed as it is made, so that there is never much text."""
        kept: list[Block] = []
        packed: list[Packed] = []
        for block in self._changed(changes):
            kept.append(block)
            packed.append(block.packed())
        self._blocks = kept
        return packed

    def _changed(self, changes: Mapping[Key, Piece]) -> Iterator[Block]:
        if not changes:
            yield from self._blocks
        elif len(self._blocks) > _FRAGMENTED * (1 + sum(block.size for block in self._blocks) // self._target):
            yield from self._divided((piece for block in self._blocks for piece in block.pieces()), changes)
        elif not self._blocks:
            yield from self._divided((), changes)
        else:
            changed = self._by_block(changes)
            for index, block in enumerate(self._blocks):
                yield from self._divided(block.pieces(), changed[index]) if index in changed else (block,)

    def _by_block(self, pieces: Mapping[Key, Piece]) -> Mapping[int, Mapping[Key, Piece]]:
        """The pieces by the index of the block that they are or belong in."""
        firsts = [block.first for block in self._blocks]
        found: defaultdict[int, dict[Key, Piece]] = defaultdict(dict)
        for key, piece in pieces.items():
            found[max(bisect_right(firsts, key) - 1, 0)][key] = piece
        return found

    def _divided(self, before: Iterable[tuple[Key, Piece]], changes: Mapping[Key, Piece]) -> Iterator[Block]:
        """Blocks of about the target; a single one may grow to twice of it, so that few changes divide it again."""
        pieces = sorted((key, piece) for key, piece in (dict(before) | dict(changes)).items() if piece.size)
        most = self._target if sum(piece.size for _, piece in pieces) > 2 * self._target else 2 * self._target
        start, size = 0, 0
        for end, (_, piece) in enumerate(pieces, 1):
            size += piece.size
            if size >= most or end == len(pieces):
                yield Block(pieces[start:end])
                start, size = end, 0
