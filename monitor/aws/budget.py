"""The calls a second that the monitor allows itself in one account and region, whoever asks for them."""

from __future__ import annotations

import threading
import time
from math import inf
from typing import TYPE_CHECKING, Final

from monitor.aws.pace import Pace
from monitor.errors import StoppingError

if TYPE_CHECKING:
    from collections.abc import Callable

AHEAD: Final = 0.05
"""Seconds by which a poll may begin before its call's turn comes: what wakes it is as exact as that."""


class Budget:
    """Lets calls through one at a time, as `Pace` has it; thread-safe.

    *calls_per_second* are never exceeded in any second (`pace.closest` says what a fraction means). *monotonic* gives
    seconds. *stopping*, when set, sends everybody away who waits.
    """

    def __init__(self, calls_per_second: float, *, monotonic: Callable[[], float], stopping: threading.Event) -> None:
        self._pace = Pace(most=calls_per_second)
        self._monotonic = monotonic
        self._stopping = stopping
        self._turn = threading.Lock()  # held while waiting: the next one counts from when this one really went
        self._state = threading.Lock()
        self._waiting = 0
        self._taken = -inf

    @property
    def rate(self) -> float:
        """Calls a second that are allowed now."""
        return self._pace.rate(self._monotonic())

    @property
    def sustained(self) -> float:
        """Calls a second that can really be made now: what a cadence has to fit in."""
        return self._pace.sustained(self._monotonic())

    def turn_in(self) -> float:
        """Seconds until it is worth to ask again whether a poll may begin; 0 when it may, which takes the turn.

        The call then hardly waits, so that no poll holds a thread for its turn. What is not taken here (further pages,
        second attempts) goes first. A turn that is taken and not used is lost, as if it had been; what is promised of
        every second is kept by `acquire` alone.
        """
        with self._state:
            now = self._monotonic()
            space = 1 / self._pace.sustained(now)
            turn = max(self._pace.start(now) + self._waiting * space, self._taken + space)
            if turn - now > AHEAD:
                return turn - now - AHEAD
            self._taken = turn
            return 0.0

    def acquire(self) -> float:
        """Wait for a turn to send one call; returns when it came, for `throttled`. Raises StoppingError."""
        with self._state:
            self._waiting += 1
        try:
            with self._turn:
                return self._its_turn()
        finally:
            with self._state:
                self._waiting -= 1

    def throttled(self, sent_at: float) -> None:
        """AWS throttled the call whose turn came at *sent_at*: the rate halves, once for calls under way together."""
        with self._state:
            self._pace = self._pace.throttled(self._monotonic(), sent_at=sent_at)

    def _its_turn(self) -> float:
        while True:
            now = self._monotonic()
            start = self._pace.start(now)
            if self._stopping.wait(start - now) if start > now else self._stopping.is_set():
                raise StoppingError("the monitor is stopping; a call to AWS was not made")
            if start <= now:
                return self._sent(now)

    def _sent(self, at: float) -> float:
        with self._state:
            self._pace = self._pace.sent(at)
        return at


class Budgets:
    """One budget for each endpoint (`Project.endpoint`), made when first asked for; thread-safe."""

    def __init__(
        self,
        calls_per_second: float,
        *,
        stopping: threading.Event,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._calls_per_second = calls_per_second
        self._stopping = stopping
        self._monotonic = monotonic
        self._budgets: dict[str, Budget] = {}
        self._lock = threading.Lock()

    def get(self, endpoint: str) -> Budget:
        """The budget of *endpoint*, always the same one."""
        with self._lock:
            if endpoint not in self._budgets:
                self._budgets[endpoint] = Budget(
                    self._calls_per_second, monotonic=self._monotonic, stopping=self._stopping
                )
            return self._budgets[endpoint]
