"""What is planned, in the order in which it is due."""

from __future__ import annotations

import heapq
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    Action = Callable[[datetime], None]


class Timeline:
    """Actions with the moment when each is due. One that runs may plan others, also in the past."""

    def __init__(self) -> None:
        self._planned: list[tuple[datetime, int, Action]] = []
        self._order = count()

    def plan(self, due: datetime, action: Action) -> None:
        heapq.heappush(self._planned, (due, next(self._order), action))

    def run(self, now: datetime) -> None:
        """Runs what is due up to *now*; each action is given its own moment, not *now*."""
        while self._planned and self._planned[0][0] <= now:
            due, _, action = heapq.heappop(self._planned)
            action(due)
