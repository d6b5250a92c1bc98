"""The deliveries of one sink: claimed, handed out in order, settled. No thread and no waiting; the worker has those."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from monitor.dispatcher.holding import pack
from monitor.dispatcher.lanes import Lanes, Parcel
from monitor.dispatcher.moment import Moment
from monitor.dispatcher.telling import UNEXPECTED, Attempt, Teller
from monitor.dispatcher.verdict import settlement
from monitor.domain.claim import Claim
from monitor.domain.delivery import DeliveryState
from monitor.domain.quiet import held_below
from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from monitor.dispatcher.ports import Sink, Surroundings, Terms
    from monitor.domain.delivery import Delivery, Settlement
    from monitor.domain.severity import Severity

AHEAD: Final = 256
"""Deliveries in hand, so that the carriers seldom wait for the outbox; at about 2 KiB each."""

LONGEST_REST: Final = 3600.0
"""Seconds that a far end can ask its sink to rest; one delivery waits for as long as it was asked to."""

_SHORTEST_PAUSE: Final = 0.01
"""Seconds; what became due between two looks is found by the next one, without a busy loop whatever the outbox says."""


class Courier:
    """One sink's deliveries. `take`, `carry` and `bring_back` are for any number of threads, the rest is for one."""

    def __init__(self, name: str, sink: Sink, terms: Terms, surroundings: Surroundings) -> None:
        self.name = name
        self.sink = sink
        self.terms = terms
        self._its = surroundings
        self._teller = Teller(name, surroundings)
        self._lock = threading.Lock()
        self._lanes = Lanes()
        self._attempts: list[Attempt] = []  # not told yet
        self._unsettled: list[Attempt] = []
        self._stuck = False
        self._stop: DeliveryError | None = None
        self._rests_until: float | None = None

    # For the carriers.

    def take(self) -> list[Parcel]:
        """What the sink's next call is for; nothing while there is nothing, or the sink is not to be called.

        Nor while the outbox takes no settlements: the less is accepted then, the less is sent again after a crash.
        """
        with self._lock:
            if self._stuck or not self._wanted():
                return []
            return self._lanes.take(self.sink.batch)

    def carry(self, parcels: Sequence[Parcel]) -> Mapping[int, DeliveryError]:
        """Call the sink; the refused by position. Raises nothing."""
        messages = [parcel.message for parcel in parcels]
        try:
            return self.sink.deliver(messages)
        except DeliveryError as error:
            refusal = error
        except Exception as error:  # noqa: BLE001 - a sink's bug is a failed attempt
            refusal = DeliveryError(f"{type(error).__name__}: {error}", reason=UNEXPECTED)
            refusal.__cause__ = error
        return {message.position: refusal for message in messages}

    def bring_back(self, parcels: Sequence[Parcel], refusals: Mapping[int, DeliveryError]) -> None:
        """Keep what came of a call until it is settled."""
        with self._lock:
            for parcel in parcels:
                refusal = refusals.get(parcel.message.position)
                self._lanes.back(parcel, accepted=refusal is None)
                self._attempts += self._tried(parcel, refusal)
                if refusal is not None:
                    self._obey(refusal)

    # For the worker.

    @property
    def unsettled(self) -> int:
        """How many deliveries were tried that the outbox knows nothing of yet."""
        with self._lock:
            return len(self._attempts) + len(self._unsettled)

    @property
    def busy(self) -> bool:
        """Whether something is in hand."""
        with self._lock:
            return self._lanes.size > 0 or bool(self._attempts or self._unsettled)

    @property
    def supplied(self) -> bool:
        """Whether a carrier that comes now has something to take."""
        with self._lock:
            return self._lanes.ready

    def resume(self) -> None:
        """Ask a sink that was stopped again."""
        with self._lock:
            stopped, self._stop, self._rests_until = self._stop, None, None
        if stopped:
            self._teller.resumed()

    def fetch(self) -> None:
        """Claim what is due, as far as there is room for it in hand. Raises what the outbox raises."""
        with self._lock:
            ahead = max(AHEAD, 2 * self.terms.concurrency * self.sink.batch)
            room = ahead - self._lanes.size
            if room < ahead // 2 or not self._wanted():
                return
            tried = (*self._attempts, *self._unsettled)
            besides = self._lanes.subjects | {attempt.delivery.message.subject for attempt in tried}
        claimed = Moment.now(self._its)
        claim = Claim(
            now=claimed.time,
            limit=room,
            besides=besides,
            urgent=self._urgent(),
            heads_only=self.terms.flapping is not None,
        )
        deliveries = self._its.outbox.claim(self.name, claim)
        if claimed.jump(Moment.now(self._its)):
            return  # their times may be told by either clock
        parcels = self._pack(deliveries, claimed)
        with self._lock:
            if self._wanted():
                self._lanes.load(parcels)

    def settle(self) -> None:
        """Tell and settle what was tried. When the outbox raises, it is kept: what was accepted is not sent again."""
        with self._lock:
            attempts, self._attempts = self._attempts, []
            self._unsettled += attempts
            unsettled = list(self._unsettled)
        self._teller.tell(attempts)
        if unsettled:
            self._settle(unsettled)

    def pause(self) -> float:
        """Seconds until something is due, as far as is known, and no longer than until the next look."""
        with self._lock:
            if not self._wanted():
                return self._rest()
        due = self._its.outbox.next_due(self.name, self._urgent())
        if due is None:
            return self._its.check_every
        return min(self._its.check_every, max(_SHORTEST_PAUSE, (due - self._its.clock()).total_seconds()))

    def _settle(self, attempts: Sequence[Attempt]) -> None:
        try:
            self._store([(each.claimed, each.settlement) for each in attempts])
        except BaseException:
            self._stuck = True
            raise
        with self._lock:
            self._stuck = False
            del self._unsettled[: len(attempts)]

    def _store(self, decided: Sequence[tuple[Moment, Settlement]]) -> None:
        """Settle by the clock of now, what was decided by the clock of then; again when it was set meanwhile.

        Otherwise what is to be tried in a second would wait for a day, when the clock was put back by one.
        """
        while True:
            now = Moment.now(self._its)
            self._its.outbox.settle([_moved(settlement, then.jump(now)) for then, settlement in decided])
            if not now.jump(Moment.now(self._its)):
                return

    def _wanted(self) -> bool:
        """Whether the sink is to be called now."""
        return self._stop is None and (self._rests_until is None or self._its.monotonic() >= self._rests_until)

    def _rest(self) -> float:
        left = self._its.check_every if self._rests_until is None else self._rests_until - self._its.monotonic()
        return min(self._its.check_every, max(_SHORTEST_PAUSE, left))

    def _urgent(self) -> Severity | None:
        return held_below(self.terms.quiet, self._its.clock())

    def _pack(self, deliveries: Sequence[Delivery], claimed: Moment) -> list[Parcel]:
        """As they are; for people, those about a version that flaps are put off, or told together."""
        policy = self.terms.flapping
        if policy is None:
            return [Parcel(delivery.message, (delivery,), claimed) for delivery in deliveries]
        packed = [pack(self._its.outbox, delivery, policy, claimed) for delivery in deliveries]
        put_off = [(claimed, each) for each in packed if not isinstance(each, Parcel)]
        if put_off:
            self._store(put_off)
        return [each for each in packed if isinstance(each, Parcel)]

    def _tried(self, parcel: Parcel, refusal: DeliveryError | None) -> list[Attempt]:
        """What the call means for each delivery; a message for several that is to be sent again is one that failed."""
        policy, claimed = self.terms.policy, parcel.claimed
        now = self._its.clock() - claimed.jump(Moment.now(self._its))
        attempts = [
            Attempt(delivery, settlement(delivery, refusal, policy, now, self._its.chance()), refusal, claimed)
            for delivery in parcel.covers
        ]
        return attempts[:1] if attempts[0].settlement.state is DeliveryState.PENDING else attempts

    def _obey(self, refusal: DeliveryError) -> None:
        """Stop, or rest, when the far end asked for it: it meant every call, not this message alone."""
        if refusal.stop:
            first, self._stop = self._stop is None, refusal
            self._lanes.empty()
            if first:
                self._teller.stopped(refusal)
        elif refusal.retry_after is not None and not refusal.permanent:
            seconds = min(LONGEST_REST, max(0.0, refusal.retry_after))
            self._rests_until = max(self._rests_until or 0.0, self._its.monotonic() + seconds)
            self._lanes.empty()


def _moved(settlement: Settlement, by: timedelta) -> Settlement:
    return replace(settlement, due_at=settlement.due_at + by, at=settlement.at + by) if by else settlement
