"""A lock that nobody keeps from the others by taking it again at once, as a thread can with Python's own."""

from __future__ import annotations

import threading
from typing import Self


class Turnstile:
    """A lock, for `with`; between two turns of one thread another one has its turn, if one waits."""

    def __init__(self) -> None:
        self._gate = threading.Lock()  # held by who is next
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        with self._gate:
            self._lock.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    @property
    def waited_for(self) -> bool:
        """Whether somebody waits for a turn."""
        return self._gate.locked()
