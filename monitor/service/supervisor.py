"""Between the daemon and the service manager that supervises it; without one, nothing of this happens."""

from __future__ import annotations

import faulthandler
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from monitor.service.notify import Notifier
from monitor.service.watchdog import Verdict, Watchdog, patience_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

log = structlog.get_logger(__name__)

STATUS_EVERY: Final = 10.0
"""Seconds between two looks at what `systemctl status` shows; it is told when it changed."""


class Supervised(Protocol):
    """What is asked about the daemon."""

    def status(self) -> str:
        """How it is, in a line."""

    def stuck(self) -> Mapping[str, str]:
        """The loops that hang, and what is seen of it."""


class Supervisor:
    """Tells the service manager how the daemon is, and feeds its watchdog."""

    def __init__(self, environ: Mapping[str, str], *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """*environ*: where the service manager says how it is spoken to."""
        self._notifier = Notifier(environ)
        self._monotonic = monotonic
        patience = patience_of(environ, os.getpid())
        self._watchdog = None if patience is None else Watchdog(patience)
        self._status = ""
        self._next_status = 0.0

    def ready(self, daemon: Supervised) -> None:
        """It serves, and begins to poll."""
        if self._watchdog is not None:
            faulthandler.enable()  # the watchdog's SIGABRT then says where each thread was; names and lines, no values
        self._status = daemon.status()
        self._notifier.tell(READY=1, STATUS=self._status)

    @contextmanager
    def reloading(self) -> Iterator[None]:
        """Meanwhile the configuration is read again; afterwards one is in use, be it the old one."""
        self._notifier.tell(RELOADING=1, MONOTONIC_USEC=time.monotonic_ns() // 1000)
        try:
            yield
        finally:
            self._notifier.tell(READY=1)

    def stopping(self) -> None:
        """It ends."""
        self._notifier.tell(STOPPING=1, STATUS="stopping: polls and deliveries under way are ended in order")

    def look(self, daemon: Supervised) -> None:
        """Every second or so: feed the watchdog, unless a loop is stuck, and tell what is new."""
        now = self._monotonic()
        if self._watchdog is not None:
            self._feed(self._watchdog, daemon.stuck(), now)
        if now >= self._next_status:
            self._next_status = now + STATUS_EVERY
            self._tell_status(daemon.status())

    def _feed(self, watchdog: Watchdog, stuck: Mapping[str, str], now: float) -> None:
        verdict = watchdog.look(now, stuck)
        if verdict is Verdict.FEED:
            self._notifier.tell(WATCHDOG=1)
        elif verdict is Verdict.BARK:
            log.critical(
                "loop.stuck", loops=dict(stuck), hint="the service manager ends this process and starts another"
            )
            self._notifier.tell(WATCHDOG="trigger", STATUS=f"stuck: {', '.join(sorted(stuck))}")

    def _tell_status(self, status: str) -> None:
        if status != self._status:
            self._status = status
            self._notifier.tell(STATUS=status)
