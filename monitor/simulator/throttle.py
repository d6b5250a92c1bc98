"""AWS's limit of calls a second, for each account, region and operation."""

from __future__ import annotations

from collections import defaultdict, deque
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_WINDOW = 1.0
"""Seconds."""


class Throttle:
    """Lets *limit* calls pass in any second, per key; None lets all pass. Calls that are refused do not count.

    It counts real seconds (*monotonic*), whatever the simulator's speed: it is about traffic, not about lives.
    """

    def __init__(self, limit: int | None, monotonic: Callable[[], float]) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._passed: defaultdict[Hashable, deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def admits(self, key: Hashable, limit: int | None = None) -> bool:
        """Whether a call under *key* may pass; *limit* counts instead of the usual one."""
        limit = limit or self._limit
        if limit is None:
            return True
        with self._lock:
            return self._take(self._passed[key], self._monotonic(), limit)

    @staticmethod
    def _take(passed: deque[float], now: float, limit: int) -> bool:
        while passed and passed[0] <= now - _WINDOW:
            passed.popleft()
        if len(passed) >= limit:
            return False
        passed.append(now)
        return True
