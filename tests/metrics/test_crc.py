from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from monitor.metrics.crc import followed_by, shift_of


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_crc_of_two_texts_is_that_of_both_in_one(first: bytes, second: bytes) -> None:
    """What is put together is what zlib finds for the whole, empty texts too."""
    assert zlib.crc32(first + second) == followed_by(zlib.crc32(first), shift_of(len(second)), zlib.crc32(second))


@given(st.binary(max_size=20), st.integers(0, 1 << 21))
def test_crc_before_a_long_text(first: bytes, zeros: int) -> None:
    """The size of the second text may be anything."""
    second = bytes(zeros)
    assert zlib.crc32(first + second) == followed_by(zlib.crc32(first), shift_of(zeros), zlib.crc32(second))


@given(st.integers(0, 1 << 40), st.integers(0, 1 << 40), st.integers(0, 0xFFFFFFFF))
def test_one_long_text_moves_a_crc_like_two(one: int, other: int, crc: int) -> None:
    """Sizes that no test can hold in memory add up."""
    assert followed_by(crc, shift_of(one + other), 0) == followed_by(
        followed_by(crc, shift_of(one), 0), shift_of(other), 0
    )
