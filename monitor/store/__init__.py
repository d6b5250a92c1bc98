"""The database: snapshots, events, deliveries, counters. The only room that knows SQLAlchemy and alembic."""

from __future__ import annotations

from monitor.store.backup import back_up, restore
from monitor.store.lock import StateLock
from monitor.store.outbox import DISCARDED
from monitor.store.store import Store

__all__ = ["DISCARDED", "StateLock", "Store", "back_up", "restore"]
