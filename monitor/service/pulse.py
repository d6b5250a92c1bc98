"""Whether the polls get on: each begins, sends its calls one after the other, and ends."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.aws.observer import CallObserver


class Pulse:
    """Passes on what a `CallObserver` is told, and notes when it was: a poll makes its calls in one thread."""

    def __init__(self, observer: CallObserver, monotonic: Callable[[], float]) -> None:
        self.failed = observer.failed
        self.limit = observer.limit
        self._attempted = observer.attempted
        self._monotonic = monotonic
        self._beats: dict[int, float] = {}  # by thread, of the polls that run
        self._last = 0.0

    @contextmanager
    def poll(self) -> Iterator[None]:
        """Around a poll, in its thread."""
        self._beat()
        try:
            yield
        finally:
            self._last = self._monotonic()
            del self._beats[threading.get_ident()]

    def attempted(self, *, account_id: str, region: str, operation: str) -> None:
        """One attempt is about to be sent, be it a poll's or not."""
        if threading.get_ident() in self._beats:
            self._beat()
        self._attempted(account_id=account_id, region=region, operation=operation)

    def still_since(self) -> tuple[float, float] | None:
        """When any of the running polls, or one that has ended, last got on; and when the slowest of them did.

        Monotonic times; None while no poll runs.
        """
        running = tuple(self._beats.values())
        return (self._last, min(running)) if running else None

    def _beat(self) -> None:
        self._last = self._beats[threading.get_ident()] = self._monotonic()
