from __future__ import annotations

import asyncio
from contextlib import ExitStack

from monitor.errors import StateUnavailableError
from monitor.service.bell import Bell
from monitor.web.api.news import News
from monitor.web.blocking import Threads
from tests.web.serving import NoRecords, make_ports

SOON = 60.0


class Growing(NoRecords):
    """A history that is one event longer at each look; at the second it cannot be read."""

    def __init__(self) -> None:
        self.looks = 0

    def newest_position(self) -> int:
        self.looks += 1
        if self.looks == 2:
            raise StateUnavailableError("database is locked")
        return self.looks


def test_there_is_an_end_to_streams() -> None:
    """And one that ended makes room."""

    async def run() -> list[bool]:
        news = News(make_ports(), Threads(at_once=1, deadline=SOON), most=2)
        found = [news.full]
        with ExitStack() as streams:
            for _ in range(2):
                streams.enter_context(news.followed())
                found.append(news.full)
        return [*found, news.full]

    assert [False, False, True, False] == asyncio.run(run())


def test_the_history_is_looked_at_while_somebody_streams() -> None:
    """After each change; a look that fails is made good by a later one. Before the first and after the last, never."""

    async def run() -> tuple[int, int, bool]:
        bell, records = Bell(), Growing()
        news = News(make_ports(records=records, subscribe=bell.subscribe), Threads(at_once=1, deadline=SOON))
        bell.ring()
        before = records.looks
        with news.followed():
            async with asyncio.timeout(SOON):
                while news.end < 3:
                    bell.ring()
                    await asyncio.sleep(0.02)
        await asyncio.sleep(0)
        during = records.looks
        bell.ring()
        await asyncio.sleep(0)
        return before, news.end, records.looks == during

    assert (0, 3, True) == asyncio.run(run())


def test_who_waits_is_woken_at_the_end() -> None:
    """Though nothing happened."""

    async def run() -> bool:
        bell, stopping = Bell(), asyncio.Event()
        ports = make_ports(subscribe=bell.subscribe, stopping=stopping.is_set)
        news = News(ports, Threads(at_once=1, deadline=SOON))
        with news.followed():
            waiting = asyncio.create_task(news.beyond(0, SOON))
            await asyncio.sleep(0)
            stopping.set()
            bell.ring()
            async with asyncio.timeout(SOON):
                await waiting
        return waiting.done()

    assert asyncio.run(run())
