"""Reading gzip as strictly as the strictest reader."""

from __future__ import annotations

import zlib


def read_member(packed: bytes) -> bytes:
    """The text of the one gzip member that *packed* is. Raises for more members, bytes behind it, a wrong CRC or size.

    curl and others read the first member and nothing after it.
    """
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    text = reader.decompress(packed)
    assert (True, b"") == (reader.eof, reader.unused_data)
    return text
