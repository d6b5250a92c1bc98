"""The database for those who look: `status`, `events` and `outbox`, beside a running daemon or without one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from monitor.service.clock import utc_now
from monitor.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.config.model import Config


@contextmanager
def open_state(config: Config) -> Iterator[Store]:
    """The existing database of *config*.

    Raises:
        UsageError: There is none yet.
        StateError: It cannot be used.
    """
    store = Store.open(config.state.url, clock=utc_now, create=False)
    try:
        yield store
    finally:
        store.close()
