"""Tells those who wait for something to show that there is something new."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.view import ProjectState


class Bell:
    """A `monitor.view.Listener` that calls whoever asked for it after each change of what is shown. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._called: tuple[Callable[[], None], ...] = ()

    def subscribe(self, called: Callable[[], None]) -> Callable[[], None]:
        """Call *called*, which has to be quick and must not raise, from now on; what is returned ends that."""
        with self._lock:
            self._called = (*self._called, called)

        def end() -> None:
            with self._lock:
                self._called = tuple(each for each in self._called if each is not called)

        return end

    def ring(self) -> None:
        """Something is new, or there will be nothing new any more."""
        for called in self._called:
            called()

    def published(self, state: ProjectState) -> None:  # noqa: ARG002 - a listener's signature
        """A poll ended: what it brought is stored."""
        self.ring()

    def removed(self, project_arn: str) -> None:  # noqa: ARG002 - a listener's signature
        """A project is watched no longer."""
        self.ring()
