"""Whether every loop gets on: as it is shown to people, and as the watchdog has it, which ends the process.

The two differ in what they make of the world. A sink that hangs, or AWS that answers nothing, is told; a restart would
help neither. What the watchdog looks at is only whether our own threads go round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.aws.settings import longest_poll
from monitor.aws.silence import longest_silence

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.aws.settings import AwsSettings
    from monitor.dispatcher import Dispatcher
    from monitor.poller import Poller
    from monitor.scheduler import Scheduler
    from monitor.service.pulse import Pulse
    from monitor.web import WebServer

LOOP_LIMIT: Final = 60.0
"""Seconds without a sign of life after which the scheduler's loop, which beats every 5 s, is shown as stuck."""
SINK_LIMIT: Final = 300.0
"""The same for a sink; it may take its time over a batch."""
THREAD_LIMIT: Final = 120.0
"""Seconds after which the watchdog takes a thread for stuck that goes round every few seconds, and waits for nothing
but the database and its disk. A lock on the database is waited for 5 s, and a full disk is told at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Liveness:
    """The loops of one daemon; asked from any thread."""

    settings: AwsSettings
    scheduler: Scheduler
    poller: Poller
    pulse: Pulse
    dispatcher: Dispatcher
    server: WebServer
    monotonic: Callable[[], float]

    def health(self) -> dict[str, str | None]:
        """Each loop by name: None when it made progress lately, else what is wrong."""
        now = self.monotonic()
        busy = self.poller.busy_since()
        poll_limit = 60 + 3 * longest_poll(self.settings).total_seconds()
        loops = {
            "scheduler": _late(now - self.scheduler.beat(), LOOP_LIMIT),
            "polls": _late(now - busy, poll_limit) if busy is not None else None,
        }
        sinks = self.dispatcher.progress()
        return loops | {f"sink {name}": _late(now - at, SINK_LIMIT) for name, at in sinks.items()}

    def stuck(self) -> dict[str, str]:
        """The loops that hang in themselves, whatever the world does, and what is seen of it."""
        now = self.monotonic()
        threads = {"scheduler": self.scheduler.beat(), "server": self.server.beat()}
        threads |= {f"sink {name}": at for name, at in self.dispatcher.rounds().items()}
        found = {name: _late(now - at, THREAD_LIMIT) for name, at in threads.items()}
        found["polls"] = self._polls_stuck(now)
        return {name: what for name, what in found.items() if what is not None}

    def _polls_stuck(self, now: float) -> str | None:
        """All of them; or one alone, which may have waited for every other's turn at new credentials."""
        still = self.pulse.still_since()
        if still is None:
            return None
        limit = longest_silence(self.settings).total_seconds()
        any_of_them, slowest = (now - at for at in still)
        return _late(any_of_them, limit) or _late(slowest, limit * self.settings.workers)


def _late(seconds: float, limit: float) -> str | None:
    return f"no progress for {seconds:.0f} s" if seconds > limit else None
