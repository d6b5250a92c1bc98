"""Pushes what the outbox holds to the sinks: at least once, in order for each subject, no sink waiting for another.

Each sink has one worker, a thread that goes round: claim what is due, deliver it, settle what came of it. A delivery
is settled after the sink accepted it and never before, so a crash between the two sends it again, with the same id.
Order is the outbox's doing: it hands out only the first unsettled delivery of each subject.
"""

from __future__ import annotations

from monitor.dispatcher.courier import UNEXPECTED
from monitor.dispatcher.dispatcher import Dispatcher
from monitor.dispatcher.ports import DeliveryObserver, Outbox, Sink

__all__ = ["UNEXPECTED", "DeliveryObserver", "Dispatcher", "Outbox", "Sink"]
