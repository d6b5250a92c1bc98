"""Whether a region answers at all, whoever asks there.

Where nothing answers, each call holds a thread until its time is over, and the threads are everybody's. So when several
calls in a row came to nothing, one call at a time finds out whether that has ended; the others are told at once.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from monitor.aws.trouble import HeldOffError

if TYPE_CHECKING:
    from collections.abc import Callable

DOUBTFUL: Final = 4
"""Attempts in a row without an answer: two calls, which a hiccup does not make."""

PAUSE: Final = 2.0
"""Seconds between attempts to find out."""


class Reach:
    """That of one region; thread-safe."""

    def __init__(self, *, longest: float, monotonic: Callable[[], float]) -> None:
        """*longest* is how many seconds a call may take that finds out."""
        self._longest = longest
        self._monotonic = monotonic
        self._failures = 0
        self._error: Exception | None = None
        self._again_at = 0.0
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raises HeldOffError where nothing has answered, and somebody else is finding out."""
        if self._failures < DOUBTFUL:
            return
        with self._lock:
            now = self._monotonic()
            if self._error is not None and now < self._again_at:
                raise HeldOffError(error=self._error)
            self._again_at = now + self._longest

    def answered(self) -> None:
        """An answer came, whatever it says."""
        if self._failures:
            with self._lock:
                self._failures, self._error = 0, None

    def failed(self, error: Exception) -> None:
        """No answer came."""
        with self._lock:
            self._failures += 1
            self._error = error
            self._again_at = self._monotonic() + PAUSE
