from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from monitor.store.text import decode, encode, encode_event, storable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@pytest.mark.parametrize("write", [encode, encode_event])
def test_any_mapping_is_an_object(write: Callable[[Mapping[str, object]], str]) -> None:
    """Facts hold mappings that nobody can change."""
    assert {"a": {"b": 1}} == decode(write({"a": MappingProxyType({"b": 1})}))


def test_plain_documents_are_short() -> None:
    """No space where none is needed, and characters as they are."""
    assert '{"ä":[1,"x"]}' == encode({"ä": [1, "x"]})


def test_what_is_not_json_is_refused() -> None:
    """That is a mistake of this program's."""
    with pytest.raises(TypeError, match="object is not JSON"):
        encode({"a": object()})


def test_text_without_lone_surrogates_is_as_it_was() -> None:
    """Only what UTF-8 cannot carry is replaced."""
    assert ("ä🙂", "a?b") == (storable("ä🙂"), storable("a\ud800b"))
