from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from monitor.metrics.blocks import Blocks, Key
from monitor.metrics.deflate import member
from monitor.metrics.piece import Piece, piece_of, waiting
from tests.metrics.members import read_member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.metrics.deflate import Packed

TARGET = 64

_keys = st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.integers(0, 30).map(str))
_changes = st.dictionaries(_keys, st.binary(max_size=2 * TARGET), max_size=12)


def pieces(texts: Mapping[Key, bytes]) -> dict[Key, Piece]:
    """The texts as pieces."""
    return {key: piece_of(text) for key, text in texts.items()}


def unpacked(packed: list[Packed]) -> bytes:
    """What a reader gets."""
    return read_member(b"".join(member(packed)))


@given(st.lists(st.tuples(_changes, st.booleans()), max_size=8))
def test_blocks_are_what_was_put_last_in_order(steps: list[tuple[dict[Key, bytes], bool]]) -> None:
    """Whatever is put, taken out and read in between, both forms are the last lines of each key in the keys' order."""
    blocks = Blocks(TARGET)
    last: dict[Key, bytes] = {}
    for texts, compressed in steps:
        last |= texts
        expected = b"".join(text for _, text in sorted(last.items()))
        changes = pieces(texts)
        assert expected == (unpacked(blocks.packed(changes)) if compressed else b"".join(blocks.text(changes)))
    expected = b"".join(text for _, text in sorted(last.items()))
    assert [expected, expected] == [unpacked(blocks.packed({})), b"".join(blocks.text({}))]


@given(st.lists(_changes, min_size=1, max_size=30))
def test_blocks_stay_few(steps: list[dict[Key, bytes]]) -> None:
    """However lines come and go, there are soon no more blocks than a few times what the text needs."""
    blocks = Blocks(TARGET)
    for texts in steps:
        blocks.text(pieces(texts))
    parts = blocks.text(pieces({("a", "x", "0"): b"1"}))
    assert len(parts) <= 4 * (1 + sum(map(len, parts)) // TARGET) + 1


def test_change_leaves_the_other_blocks_alone() -> None:
    """Only the block that a changed project stands in is made again."""
    blocks = Blocks(TARGET)
    before = blocks.packed(pieces({("a", "x", str(number)): b"." * TARGET for number in range(4)}))
    after = blocks.packed(pieces({("a", "x", "2"): b"!" * TARGET}))
    assert [True, True, False, True] == [one is other for one, other in zip(before, after, strict=True)]


def test_text_is_kept_until_it_is_wanted_compressed() -> None:
    """Two readers of the plain text get the same object, and it is let go for the compressed one."""
    blocks = Blocks(TARGET)
    [first] = blocks.text(pieces({("a", "x", "1"): b"." * TARGET}))
    [second] = blocks.text({})
    blocks.packed({})
    [third] = blocks.text({})
    assert (True, False, first) == (first is second, first is third, third)


@given(st.binary(max_size=9), st.integers(0, 1000))
def test_piece_waits_with_its_text(part: bytes, times: int) -> None:
    """Whether a piece waits compressed or not, its text and size are the same."""
    text = part * times
    piece = waiting(text)
    assert (text, len(text)) == (piece.text(), piece.size)


def test_large_piece_waits_in_little_memory() -> None:
    """Before anybody scrapes, what a version shows is kept in a part of its size."""
    text = b'rekognition_project_version_status{status="RUNNING"} 0\n' * 140
    assert len(waiting(text).data) < len(text) / 10
