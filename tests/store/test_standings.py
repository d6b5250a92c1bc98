from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.delivery import DeliveryState, Settlement
from monitor.domain.standing import STOPPED, Standing
from tests.builders import T0, at
from tests.store.commits import walk

if TYPE_CHECKING:
    from monitor.store import Store


def settle(store: Store, position: int, state: DeliveryState, error: str | None = None, minute: float = 0) -> None:
    store.settle(
        [Settlement(sink="log", position=position, state=state, attempts=1, due_at=T0, error=error, at=at(minute))]
    )


def test_a_sink_stands_as_its_deliveries_do(store: Store) -> None:
    """Counts, the oldest that waits, the last acceptance, and why the oldest that waits failed."""
    walk(store, *("STOPPED", "STARTING") * 3)
    settle(store, 1, DeliveryState.DELIVERED, minute=1)
    settle(store, 2, DeliveryState.DELIVERED, minute=2)
    settle(store, 3, DeliveryState.DEAD, "refused for good: 400", minute=3)
    settle(store, 4, DeliveryState.PENDING, "503", minute=4)
    settle(store, 5, DeliveryState.PENDING, "504", minute=5)
    expected = Standing(pending=2, oldest=T0, dead=1, last_success=at(2), last_error="503", failing=True)
    assert {"log": expected} == store.standings()


def test_where_none_that_waits_failed_the_newest_that_died_tells(store: Store) -> None:
    """It is history then, and the sink does not fail."""
    walk(store, *("STOPPED", "STARTING") * 2)
    settle(store, 1, DeliveryState.DEAD, "first")
    settle(store, 2, DeliveryState.DEAD, "second")
    assert {"log": Standing(pending=1, oldest=T0, dead=2, last_error="second")} == store.standings()


def test_each_sink_stands_for_itself(store: Store) -> None:
    """And a sink without a delivery is not there."""
    walk(store, "STOPPED", "STARTING", sinks=("log", "ops"))
    settle(store, 1, DeliveryState.DELIVERED, minute=1)
    assert {"log": Standing(last_success=at(1)), "ops": Standing(pending=1, oldest=T0)} == store.standings()


def test_a_sink_is_stopped_when_it_said_so_last() -> None:
    """Its delivery that waits has that error; one that is dead says nothing of now."""
    error = f"{STOPPED}: 410 Gone"
    standings = [
        Standing(pending=1, last_error=error, failing=True),
        Standing(pending=1, last_error="503", failing=True),
        Standing(dead=1, last_error=error),
        Standing(),
    ]
    assert [True, False, False, False] == [standing.stopped for standing in standings]
