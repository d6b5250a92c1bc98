"""Pushes what the outbox holds to the sinks: at least once, in order for each subject, no sink waiting for another.

Each sink has a worker: a thread that claims what is due and settles what came of it, and carriers that call the sink,
as many as its concurrency says. A delivery is settled after the sink accepted it and never before, so a crash between
the two sends it again, with the same id. Of each subject one message at most is under way, and the next goes when that
one was accepted; the outbox hands out nothing behind one that waits for its retry.
"""

from __future__ import annotations

from monitor.dispatcher.dispatcher import Dispatcher
from monitor.dispatcher.ports import DeliveryObserver, Outbox, Sink, Terms
from monitor.dispatcher.telling import UNEXPECTED

__all__ = ["UNEXPECTED", "DeliveryObserver", "Dispatcher", "Outbox", "Sink", "Terms"]
