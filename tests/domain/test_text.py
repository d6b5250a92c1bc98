from __future__ import annotations

import pytest

from monitor.domain.text import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [("plain é", "plain é"), ("a\nb", "a\\nb"), ("\x1b[31m", "\\x1b[31m"), ("\u202eabc", "\\u202eabc")],
)
def test_what_cannot_be_seen_is_shown_as_an_escape(text: str, shown: str) -> None:
    """A terminal shows it, and obeys none of it."""
    assert shown == visible(text)
