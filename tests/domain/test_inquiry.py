from __future__ import annotations

from monitor.domain.inquiry import Inquiry


def test_an_inquiry_wants_everything_unless_it_says_otherwise() -> None:
    """From the beginning of the history on, a hundred at a time."""
    wanted = Inquiry()
    assert (0, None, 100, False) == (wanted.after, wanted.before, wanted.limit, wanted.newest_first)
    assert [] == [
        each for each in (wanted.projects, wanted.versions, wanted.accounts, wanted.regions, wanted.types) if each
    ]
