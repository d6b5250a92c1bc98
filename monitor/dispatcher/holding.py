"""What people are not told at once: the events of a version that flaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.dispatcher.lanes import Parcel
from monitor.domain.delivery import DeliveryState, Settlement
from monitor.domain.flapping import due_at, opening, spell_of, summed_up

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.dispatcher.moment import Moment
    from monitor.dispatcher.ports import Outbox
    from monitor.domain.delivery import Delivery
    from monitor.domain.flapping import FlappingPolicy, Spell

MOST_SUMMED_UP: Final = 500
"""Events in one message; more are told in the next."""


def pack(outbox: Outbox, delivery: Delivery, policy: FlappingPolicy, claimed: Moment) -> Parcel | Settlement:
    """*delivery*, the first that waits about its subject, as it is told now; or that it is put off, and until when."""
    now = claimed.time
    message = delivery.message
    changes = outbox.changes(delivery.sink, message.subject, message.time - policy.lookback)
    spell = spell_of(message.position, changes, policy)
    if spell is None:
        return Parcel(message, (delivery,), claimed)
    if message.position == spell.opening:
        return Parcel(opening(message, policy), (delivery,), claimed)
    due = due_at(spell, delivery.stored_at, policy)
    if due > now:
        return _put_off(delivery, due, now)
    return _whole(outbox, delivery, spell, claimed)


def _whole(outbox: Outbox, delivery: Delivery, spell: Spell, claimed: Moment) -> Parcel:
    """All that waits of the spell. One that waited alone is told as it is."""
    waiting = outbox.waiting_about(delivery.sink, delivery.message.subject, MOST_SUMMED_UP)
    covered = tuple(each for each in waiting if each.message.position <= spell.last) or (delivery,)
    messages = [each.message for each in covered]
    told = messages[0] if len(messages) == 1 else summed_up(messages, spell, claimed.time)
    return Parcel(told, covered, claimed)


def _put_off(delivery: Delivery, until: datetime, now: datetime) -> Settlement:
    return Settlement(
        sink=delivery.sink,
        position=delivery.message.position,
        state=DeliveryState.PENDING,
        attempts=delivery.attempts,
        due_at=until,
        error=delivery.error,
        at=now,
    )
