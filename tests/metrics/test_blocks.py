from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.metrics.blocks import Blocks, Key
from monitor.metrics.deflate import member
from tests.metrics.members import read_member

TARGET = 64

_keys = st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.integers(0, 30).map(str))
_changes = st.dictionaries(_keys, st.binary(max_size=2 * TARGET), max_size=12)


@given(st.lists(st.tuples(_changes, st.sampled_from(["text", "packed", "nothing"])), max_size=8))
def test_blocks_are_what_was_put_last_in_order(steps: list[tuple[dict[Key, bytes], str]]) -> None:
    """Whatever is put, taken out and read in between, both forms are the last lines of each key in the keys' order."""
    blocks = Blocks(TARGET)
    last: dict[Key, bytes] = {}
    for changes, read in steps:
        blocks.change(changes)
        last |= changes
        if read != "nothing":
            getattr(blocks, read)()
    expected = b"".join(piece for _, piece in sorted(last.items()))
    assert [expected, expected, expected] == [
        b"".join(blocks.text()),
        read_member(b"".join(member(blocks.packed()))),
        b"".join(blocks.text()),
    ]


@given(st.lists(_changes, min_size=1, max_size=30))
def test_blocks_stay_few(steps: list[dict[Key, bytes]]) -> None:
    """However lines come and go, there are no more blocks than a few times what the text needs."""
    blocks = Blocks(TARGET)
    for changes in steps:
        blocks.change(changes)
    parts = blocks.text()
    assert len(parts) <= 4 * (1 + sum(map(len, parts)) // TARGET)


def test_change_leaves_the_other_blocks_alone() -> None:
    """Only the block that a changed project stands in is made again."""
    blocks = Blocks(TARGET)
    blocks.change({("a", "x", str(number)): b"." * TARGET for number in range(4)})
    before = blocks.packed()
    blocks.change({("a", "x", "2"): b"!" * TARGET})
    after = blocks.packed()
    assert [True, True, False, True] == [one is other for one, other in zip(before, after, strict=True)]


def test_text_is_kept_until_it_is_wanted_compressed() -> None:
    """Two readers of the plain text get the same object, and it is let go for the compressed one."""
    blocks = Blocks(TARGET)
    blocks.change({("a", "x", "1"): b"." * TARGET})
    [first], [second] = blocks.text(), blocks.text()
    blocks.packed()
    [third] = blocks.text()
    assert (True, False, first) == (first is second, first is third, third)
