"""The threads of one sink: one that claims and settles, and as many carriers as it may have calls under way."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from monitor.dispatcher.courier import Courier
from monitor.errors import StateUnavailableError

if TYPE_CHECKING:
    from monitor.dispatcher.lanes import Parcel
    from monitor.dispatcher.ports import Sink, Surroundings, Terms

GATHER: Final = 0.02
"""Seconds that settlements are gathered while the carriers have enough to do: a transaction waits for the disk."""


class Worker:
    """Keeps a courier going, and closes its sink in the end."""

    def __init__(self, name: str, sink: Sink, terms: Terms, surroundings: Surroundings) -> None:
        self._its = surroundings
        self._courier = Courier(name, sink, terms, surroundings)
        self._in_trouble = False
        self._changed = threading.Condition()
        self._woken = False
        self._deadline: float | None = None
        self._asked = self._answered = 0
        self.round_began = surroundings.monotonic()
        """When the last round began, which claims and settles and calls no sink; there is one every second or so."""
        self._calls: dict[int, float] = {}  # when the call of each carrier began
        self._carriers: dict[int, threading.Thread] = {}
        self._thread = threading.Thread(target=self._run, name=f"sink-{name}", daemon=True)

    @property
    def seen(self) -> float:
        """When it last got on, in seconds of `monotonic`: since when its oldest call is under way, else its last round.

        So a sink that hangs shows since when. Waits for no lock: it is asked for when something hangs.
        """
        return min((*self._calls.values(), self.round_began))

    def start(self) -> None:
        """Begin."""
        self._man()
        self._thread.start()

    def serves(self, sink: Sink) -> bool:
        """Whether it works for this sink, or one equal to it."""
        return self._courier.sink == sink

    def take(self, terms: Terms) -> None:
        """Go on by these *terms*, and call a sink that was stopped again."""
        self._courier.terms = terms
        self._courier.resume()
        if self._thread.ident is not None:
            self._man()
        self.notify()

    def notify(self) -> None:
        """Look into the outbox at once."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def ask(self) -> int:
        """Ask for a round that begins after now and finds nothing due; the number to ask `answered` with."""
        with self._changed:
            self._asked += 1
            number = self._asked
        self.notify()
        return number

    def answered(self, number: int, deadline: float) -> bool:
        """Whether that round came by *deadline*."""
        with self._changed:
            return self._changed.wait_for(lambda: self._answered >= number, self._until(deadline))

    def end(self, deadline: float) -> None:
        """End after the calls under way. Settling what the outbox does not take goes on until *deadline*."""
        with self._changed:  # a carrier either sees it, or has its call noted
            self._deadline = deadline
        self.notify()

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

    # The carriers.

    def _man(self) -> None:
        """Start the carriers that are missing; those that are too many end by themselves."""
        for number in range(self._courier.terms.concurrency):
            carrier = self._carriers.get(number)
            if carrier is None or not carrier.is_alive():
                name = f"sink-{self._courier.name}-{number}"
                self._carriers[number] = threading.Thread(target=self._carry, args=(number,), name=name, daemon=True)
                self._carriers[number].start()

    def _carry(self, number: int) -> None:
        while parcels := self._next(number):
            refusals = self._courier.carry(parcels)
            with suppress(Exception):  # a log that cannot be written must not end the carrier
                self._courier.bring_back(parcels, refusals)
            with self._changed:
                del self._calls[number]
                self._changed.notify_all()

    def _next(self, number: int) -> list[Parcel]:
        """What this carrier's next call is for; nothing when it is to end."""
        with self._changed:
            while self._deadline is None and number < self._courier.terms.concurrency:
                parcels = self._courier.take()
                if parcels:
                    self._calls[number] = self._its.monotonic()
                    return parcels
                self._changed.wait()
            return []

    # The thread that claims and settles.

    def _run(self) -> None:
        while self._goes_on():
            self._wait(self._round())
        with suppress(Exception):  # nobody is left to be told
            self._leave()

    def _goes_on(self) -> bool:
        """Until the end is asked for; then while a call is under way, or something can still be settled in time."""
        if self._deadline is None or self._calls:
            return True
        return self._courier.unsettled > 0 and self._until(self._deadline) > self._its.check_every

    def _round(self) -> float:
        """One round; return how long to wait after it, in seconds. Raises nothing: the worker lives on."""
        with self._changed:
            self.round_began = self._its.monotonic()
            self._woken = False
        try:
            pause = self._work(self._asked)
            self._tell_trouble(None)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round may do better
            with suppress(Exception):  # a log that cannot be written must not end the worker
                self._tell_trouble(error)
            return self._its.check_every
        return pause

    def _work(self, asked: int) -> float:
        self._courier.settle()
        if self._deadline is not None:
            return self._its.check_every
        self._courier.fetch()
        if self._courier.busy:
            self._hand_out()
            return self._its.check_every
        self._answer(asked)
        return self._courier.pause()

    def _hand_out(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _wait(self, seconds: float) -> None:
        """Until something was tried, or somebody calls; while there is enough to do, a little longer."""
        with self._changed:
            if self._in_trouble:
                self._changed.wait_for(lambda: self._woken, seconds)
                return
            self._changed.wait_for(lambda: self._woken or self._courier.unsettled > 0, seconds)
            if not self._woken:
                self._changed.wait_for(lambda: self._woken or not self._courier.supplied, GATHER)

    def _answer(self, asked: int) -> None:
        with self._changed:
            self._answered = asked
            self._changed.notify_all()

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
        for carrier in self._carriers.values():
            carrier.join()
        with suppress(Exception):  # it was tried as long as there was time
            self._courier.settle()
        if self._courier.unsettled:
            self._its.log.warning(
                "settlements.lost",
                sink=self._courier.name,
                deliveries=self._courier.unsettled,
                hint="they will be sent again, with the same ids",
            )
        self._courier.sink.close()
