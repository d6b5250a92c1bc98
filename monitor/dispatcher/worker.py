"""The thread of one sink."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from monitor.dispatcher.courier import Courier
from monitor.errors import StateUnavailableError

if TYPE_CHECKING:
    from monitor.dispatcher.ports import Sink, Surroundings
    from monitor.domain.retry import RetryPolicy


class Worker:
    """Sends a courier round and round, and closes its sink in the end.

    Attributes:
        seen: When the last round began, in seconds of `monotonic`; a worker whose sink hangs shows since when.
    """

    def __init__(self, name: str, sink: Sink, policy: RetryPolicy, surroundings: Surroundings) -> None:
        self.seen = surroundings.monotonic()
        self._its = surroundings
        self._courier = Courier(name, sink, policy, surroundings)
        self._in_trouble = False
        self._wake = threading.Event()
        self._deadline: float | None = None
        self._rested = threading.Condition()
        self._asked = self._answered = 0
        self._thread = threading.Thread(target=self._run, name=f"sink-{name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def serves(self, sink: Sink) -> bool:
        """Whether it works for this sink, or one equal to it."""
        return self._courier.sink == sink

    def take(self, policy: RetryPolicy) -> None:
        """Decide by *policy* from now on."""
        self._courier.policy = policy

    def notify(self) -> None:
        """Look into the outbox at once."""
        self._wake.set()

    def ask(self) -> int:
        """Ask for a round that begins after now and finds nothing due; the number to ask `answered` with."""
        with self._rested:
            self._asked += 1
            number = self._asked
        self._wake.set()
        return number

    def answered(self, number: int, deadline: float) -> bool:
        """Whether that round came by *deadline*."""
        with self._rested:
            return self._rested.wait_for(lambda: self._answered >= number, self._until(deadline))

    def end(self, deadline: float) -> None:
        """End after this round. Settling what the outbox does not take goes on until *deadline*."""
        self._deadline = deadline
        self._wake.set()

    def join(self, deadline: float) -> None:
        """Wait for the end until *deadline*, and log when it does not come."""
        if self._thread.ident is None:
            self._courier.sink.close()
            return
        self._thread.join(self._until(deadline))
        if self._thread.is_alive():
            busy_for = round(self._its.monotonic() - self.seen, 1)
            self._its.log.error("sink.left_hanging", sink=self._courier.name, busy_for=busy_for)

    def _until(self, deadline: float) -> float:
        return max(0.0, deadline - self._its.monotonic())

    def _run(self) -> None:
        while True:
            self._wake.clear()
            if not self._goes_on():
                break
            self._wake.wait(self._round())
        with suppress(Exception):  # nobody is left to be told
            self._leave()

    def _goes_on(self) -> bool:
        """Until the end is asked for; then as long as another round can still settle something in time."""
        if self._deadline is None:
            return True
        return self._courier.unsettled > 0 and self._until(self._deadline) > self._its.check_every

    def _round(self) -> float:
        """One round; return how long to wait after it, in seconds. Raises nothing: the worker lives on."""
        self.seen = self._its.monotonic()
        try:
            pause = self._work(self._asked)
            self._tell_trouble(None)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round may do better
            with suppress(Exception):  # a log that cannot be written must not end the worker
                self._tell_trouble(error)
            return self._its.check_every
        return pause

    def _work(self, asked: int) -> float:
        if self._deadline is not None:
            self._courier.settle()
            return 0
        if self._courier.push():
            return 0
        self._answer(asked)
        return self._courier.pause()

    def _answer(self, asked: int) -> None:
        with self._rested:
            self._answered = asked
            self._rested.notify_all()

    def _tell_trouble(self, error: Exception | None) -> None:
        """The first round that fails and the first that works again, not each; with the traceback of what is a bug."""
        if (error is not None) == self._in_trouble:
            return
        self._in_trouble = error is not None
        if error is None:
            self._its.log.info("dispatch.recovered", sink=self._courier.name)
            return
        bug = None if isinstance(error, StateUnavailableError) else error
        self._its.log.error("dispatch.failed", sink=self._courier.name, error=str(error), exc_info=bug)

    def _leave(self) -> None:
        if self._courier.unsettled:
            self._its.log.warning(
                "settlements.lost",
                sink=self._courier.name,
                deliveries=self._courier.unsettled,
                hint="they will be sent again, with the same ids",
            )
        self._courier.sink.close()
