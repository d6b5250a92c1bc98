from __future__ import annotations

from monitor.simulator.throttle import Throttle
from tests.simulator.rig import Seconds


def test_a_call_too_many_is_refused_until_a_second_has_passed() -> None:
    """The limit holds over any second."""
    clock = Seconds()
    throttle = Throttle(2, clock)
    admitted = []
    for now in (0.0, 0.6, 0.9, 1.0, 1.5, 1.6):
        clock.now = now
        admitted.append(throttle.admits("a"))

    assert admitted == [True, True, False, True, False, True]


def test_each_key_has_a_limit_of_its_own() -> None:
    """An account's calls are not another's."""
    throttle = Throttle(1, Seconds())

    assert [throttle.admits(key) for key in ("a", "b", "a")] == [True, True, False]


def test_no_limit_lets_all_pass() -> None:
    """For measurements."""
    throttle = Throttle(None, Seconds())

    assert all(throttle.admits("a") for _ in range(100))
