from __future__ import annotations

import threading

from monitor.metrics.turnstile import Turnstile
from tests.service.rig import wait_until


def test_who_waits_goes_before_who_had_a_turn() -> None:
    """However soon that one comes again."""
    turnstile, turns = Turnstile(), []

    def go_through() -> None:
        with turnstile:
            turns.append("waiting")

    other = threading.Thread(target=go_through)
    with turnstile:
        other.start()
        wait_until(lambda: turnstile.waited_for)
        turns.append("first")
    with turnstile:
        turns.append("again")
    other.join()

    assert ["first", "waiting", "again"] == turns
    assert not turnstile.waited_for
