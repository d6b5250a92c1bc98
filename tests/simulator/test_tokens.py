from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.simulator.refusals import Refusal
from monitor.simulator.tokens import Position, Tokens
from tests.simulator.rig import Seconds

_LIFE = timedelta(seconds=60)


def test_a_token_leads_to_its_position() -> None:
    """And none to the beginning."""
    tokens = Tokens(_LIFE, Seconds())
    token = tokens.issue("listing", Position(20, 3))

    assert (tokens.read("listing", token), tokens.read("listing", None), tokens.read("listing", "")) == (
        Position(20, 3),
        Position(),
        Position(),
    )


def test_a_token_expires() -> None:
    """When its life is over."""
    clock = Seconds()
    tokens = Tokens(_LIFE, clock)
    token = tokens.issue("listing", Position(20, 3))
    clock.now += 60

    with pytest.raises(Refusal, match="InvalidPaginationTokenException: Invalid Pagination Token: it has expired"):
        tokens.read("listing", token)


def test_a_token_is_good_for_its_own_listing_only() -> None:
    """As is one of another simulator, and one that was made up."""
    tokens = Tokens(_LIFE, Seconds())
    foreign = Tokens(_LIFE, Seconds()).issue("listing", Position(20, 3))

    for token in (tokens.issue("another", Position(20, 3)), foreign, "made-up", "ä", "x" * 1024):
        with pytest.raises(Refusal, match="InvalidPaginationTokenException"):
            tokens.read("listing", token)


def test_a_tokens_page_can_be_seen_without_checking_it() -> None:
    """Faults are aimed at pages before the request is read."""
    tokens = Tokens(_LIFE, Seconds())

    assert [tokens.page(token) for token in (tokens.issue("listing", Position(20, 3)), None, "made-up", 7)] == [
        3,
        1,
        1,
        1,
    ]
