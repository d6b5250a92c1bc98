"""Text compressed piece by piece, and pieces joined to one gzip member without being compressed again.

A piece is raw deflate (RFC 1951) made by a compressor of its own and ended by a full flush: it refers to nothing before
it and ends at a whole byte, so any pieces make one stream. Members of their own for each would be simpler, and
allowed (RFC 1952, section 2.2), but curl and others read only the first.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.metrics.crc import followed_by, shift_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEVEL: Final = 1
"""Exposition text is so repetitive that the fastest level already makes it a fortieth."""

_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"
"""RFC 1952, section 2.3: deflate, no name, no time, the fastest level, no system."""

_LAST_BLOCK: Final = b"\x03\x00"
"""RFC 1951, section 3.2.3: a final block of fixed codes that holds nothing."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A piece: its raw deflate, and of its text the CRC-32, the size in bytes, and what the size does to a CRC."""

    deflated: bytes
    crc: int
    size: int
    shift: int


def pack(text: bytes) -> Packed:
    """*text* as a piece."""
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = compressor.compress(text) + compressor.flush(zlib.Z_FULL_FLUSH)
    return Packed(deflated, zlib.crc32(text), len(text), shift_of(len(text)))


def unpack(packed: Packed) -> bytes:
    """The text of the piece."""
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed.deflated, packed.size) if packed.size else b""


def member(pieces: Iterable[Packed]) -> list[bytes]:
    """One gzip member of the pieces' texts, in parts."""
    parts, crc, size = [_HEADER], 0, 0
    for piece in pieces:
        parts.append(piece.deflated)
        crc = followed_by(crc, piece.shift, piece.crc)
        size += piece.size
    return [*parts, _LAST_BLOCK, struct.pack("<II", crc, size & 0xFFFFFFFF)]
