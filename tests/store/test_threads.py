from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from monitor.domain.claim import Claim
from monitor.domain.delivery import Delivery, DeliveryState, Settlement
from tests.builders import T0, at, project, project_arn, version, version_arn
from tests.store.commits import poll

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.store import Store

ARNS = [project_arn(f"p{number}") for number in range(6)]
WORDS = ("STOPPED", "STARTING", "RUNNING", "STOPPING", "STOPPED")


def test_polls_deliveries_and_readers_share_a_store(opened: Callable[[], Store]) -> None:
    """Six projects polled at once, their events delivered and when they were seen saved meanwhile: all adds up."""
    store = opened()
    with ThreadPoolExecutor(max_workers=8) as pool:
        polls = [pool.submit(_live, store, arn) for arn in ARNS]
        delivered = pool.submit(_deliver, store, len(ARNS) * (len(WORDS) - 1))
        savings = [pool.submit(store.save_seen) for _ in range(20)]
        for future in (*polls, *savings):
            future.result()
    fresh = opened()
    assert len(ARNS) * (len(WORDS) - 1) == len(set(delivered.result())) == len(fresh.events())
    assert [store.snapshot(arn) for arn in ARNS] == [fresh.snapshot(arn) for arn in ARNS]
    assert [store.transitions(arn) for arn in ARNS] == [fresh.transitions(arn) for arn in ARNS]


def _live(store: Store, arn: str) -> None:
    for number, word in enumerate(WORDS):
        poll(store, version(arn=version_arn(of=arn), status=word), at=at(number), of=project(arn))
        store.seen(arn, at(number))
    store.save_seen()


def _deliver(store: Store, number: int) -> list[int]:
    """Settle as they come, until there have been *number*."""
    done: list[int] = []
    while len(done) < number:
        claimed = store.claim("log", Claim(now=at(60), limit=10))
        store.settle([_accepted(delivery) for delivery in claimed])
        done += [delivery.message.position for delivery in claimed]
    return done


def _accepted(delivery: Delivery) -> Settlement:
    return Settlement(
        sink=delivery.sink,
        position=delivery.message.position,
        state=DeliveryState.DELIVERED,
        attempts=1,
        due_at=T0,
        at=T0,
    )
