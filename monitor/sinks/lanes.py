"""The connections of one sink, each request within its time."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from monitor.sinks.lane import Lane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.sinks.answers import Answer
    from monitor.sinks.lane import FarEnd


class Lanes:
    """As many connections as there are requests at a time, kept for the next ones. Safe for several threads."""

    def __init__(self, far_end: FarEnd) -> None:
        """Nothing is opened yet."""
        self._far_end = far_end
        self._idle: list[Lane] = []
        self._busy: dict[Lane, float] = {}
        self._changed = threading.Condition()
        self._watched = False

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """As `Lane.post`, on a connection that is free."""
        lane = self._take()
        try:
            return lane.post(body, headers)
        finally:
            self._give_back(lane)

    def close(self) -> None:
        """Close what is open and not in use; the next request opens it again."""
        with self._changed:
            idle, self._idle = self._idle, []
            self._changed.notify_all()
        for lane in idle:
            lane.close()

    def _take(self) -> Lane:
        with self._changed:
            lane = self._idle.pop() if self._idle else Lane(self._far_end)
            self._busy[lane] = time.monotonic() + self._far_end.timeout
            if not self._watched:
                self._watched = True
                threading.Thread(target=self._watch, name="webhook-watch", daemon=True).start()
            return lane

    def _give_back(self, lane: Lane) -> None:
        with self._changed:
            del self._busy[lane]
            if not lane.cut_off:
                self._idle.append(lane)
        if lane.cut_off:
            lane.close()

    def _watch(self) -> None:
        """Cut what is late, as long as there are requests; a thread of its own.

        Nobody wakes it for a new request: that one's time ends after that of those before it.
        """
        with self._changed:
            while self._busy:
                now = time.monotonic()
                self._changed.wait(min(self._cut_late(now), default=now + self._far_end.timeout) - now)
            self._watched = False

    def _cut_late(self, now: float) -> list[float]:
        """Cut the requests whose time is over; when that of the others will be."""
        for lane in [lane for lane, until in self._busy.items() if until <= now]:
            lane.cut()
        return [until for lane, until in self._busy.items() if not lane.cut_off]
