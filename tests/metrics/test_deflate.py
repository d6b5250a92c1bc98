from __future__ import annotations

import gzip
import subprocess

from hypothesis import given
from hypothesis import strategies as st

from monitor.metrics.deflate import member, pack, unpack
from tests.metrics.members import read_member
from tests.tools import required_tool

_texts = st.binary(max_size=100) | st.builds(bytes.__mul__, st.binary(max_size=9), st.integers(0, 40_000))


@given(st.lists(_texts, max_size=6))
def test_pieces_make_one_member(texts: list[bytes]) -> None:
    """Whatever the pieces, they are one gzip member of all of them, with its CRC and size; no piece is a member too."""
    packed = b"".join(member([pack(text) for text in texts]))
    assert [b"".join(texts)] * 2 == [read_member(packed), gzip.decompress(packed)]


@given(_texts)
def test_piece_is_unpacked(text: bytes) -> None:
    """A piece gives back its text."""
    assert text == unpack(pack(text))


@given(_texts, _texts, _texts)
def test_piece_does_not_depend_on_what_is_around_it(before: bytes, text: bytes, after: bytes) -> None:
    """The same piece can be used in any member."""
    piece = pack(text)
    members = [member([pack(before), piece]), member([piece, pack(after)])]
    assert [before + text, text + after] == [read_member(b"".join(parts)) for parts in members]


def test_gzip_reads_the_member() -> None:
    """The program that everybody has reads it, and finds CRC and size right."""
    texts = [b"up 1\n" * 10_000, b"", b"down 0\n"]
    done = subprocess.run(
        [required_tool("gzip"), "-dc"],
        input=b"".join(member(map(pack, texts))),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (0, b"".join(texts), b"") == (done.returncode, done.stdout, done.stderr)
