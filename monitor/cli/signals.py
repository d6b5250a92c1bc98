"""Waiting until somebody says stop."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_CODES: Final = {signal.SIGTERM: 0, signal.SIGINT: 130}


@dataclass(slots=True)
class Stop:
    """Set by the first SIGTERM or SIGINT; the second one has its usual effect, which ends the process at once."""

    code: int = 0
    _asked: threading.Event = field(default_factory=threading.Event)

    def ask(self, number: int, _frame: FrameType | None) -> None:
        """The signal handler."""
        self.code = _CODES[signal.Signals(number)]
        for each in _CODES:
            signal.signal(each, signal.SIG_DFL)
        self._asked.set()

    def wait(self) -> int:
        """Until a signal came; the exit code that it means."""
        self._asked.wait()
        return self.code

    def comes_within(self, seconds: float) -> bool:
        """Whether one came, by now or within so many *seconds*."""
        return self._asked.wait(seconds)


@contextmanager
def stopping() -> Iterator[Stop]:
    """Within the block SIGTERM and SIGINT are noted instead of obeyed. Only in the main thread."""
    stop = Stop()
    before = {number: signal.signal(number, stop.ask) for number in _CODES}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
