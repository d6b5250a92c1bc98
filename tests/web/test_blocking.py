from __future__ import annotations

import asyncio
import threading

import pytest
from starlette.exceptions import HTTPException

from monitor.web.blocking import Shared, Threads


def test_too_many_that_wait_are_turned_away() -> None:
    """At once; those that have their place are served."""
    go_on = threading.Event()

    async def ask() -> list[object]:
        threads = Threads(at_once=1, deadline=30)
        asked = [asyncio.create_task(threads.run(go_on.wait)) for _ in range(30)]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        go_on.set()
        return list(await asyncio.gather(*asked, return_exceptions=True))

    answers = asyncio.run(ask())
    refused = [each for each in answers if isinstance(each, HTTPException)]
    assert (17, 13, {503}) == (answers.count(True), len(refused), {each.status_code for each in refused})


def test_those_who_ask_together_share_what_begins_after_them() -> None:
    """What is under way already may be older than the question."""
    begun, go_on = threading.Event(), threading.Event()
    made: list[int] = []

    def work() -> int:
        made.append(len(made))
        begun.set()
        go_on.wait(30)
        return made[-1]

    async def ask() -> list[int]:
        shared: Shared[int] = Shared(Threads(at_once=2, deadline=30))
        first = asyncio.create_task(shared.run("key", work))
        await asyncio.to_thread(begun.wait, 30)
        others = [asyncio.create_task(shared.run("key", work)) for _ in range(5)]
        await asyncio.sleep(0)
        go_on.set()
        return [await first, *await asyncio.gather(*others)]

    assert ([0, 1, 1, 1, 1, 1], [0, 1]) == (asyncio.run(ask()), made)


def test_a_failure_is_everybodys() -> None:
    """And the next who asks has a new try."""
    tries: list[int] = []

    def work() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("once")
        return len(tries)

    async def ask() -> tuple[list[type], int]:
        shared: Shared[int] = Shared(Threads(at_once=1, deadline=30))
        failed = await asyncio.gather(shared.run("a", work), shared.run("a", work), return_exceptions=True)
        return [type(each) for each in failed], await shared.run("a", work)

    assert ([OSError, OSError], 2) == asyncio.run(ask())


def test_work_that_takes_too_long_is_given_up() -> None:
    """Whoever asked is told; the work goes on unheard."""
    go_on = threading.Event()

    async def ask() -> None:
        try:
            await Threads(at_once=1, deadline=0.01).run(lambda: go_on.wait(30))
        finally:
            go_on.set()

    with pytest.raises(TimeoutError):
        asyncio.run(ask())
