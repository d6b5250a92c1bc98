"""What is due when, and who begins: no clock, no threads.

What is due stands in the line of its account and region until the budget there can pay it. A line is in order of
deadlines, and a project's deadline is when its next poll would be due: what is asked every 30 seconds goes before what
is asked every five minutes, unless that has waited for minutes already. So nobody waits for ever, however many come.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from monitor.domain.project import endpoint_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PATIENCE: Final = timedelta(minutes=15)
"""For this long at most a project lets others go first that became due later."""

_AT_ONCE: Final = timedelta(0)


class Agenda:
    """The next poll of each project, by ARN. Not for use by two threads at once."""

    def __init__(self, turn: Callable[[str], float]) -> None:
        """*turn* is asked, in the order in which they are to begin, whether a project's poll can be paid.

        It gives the seconds until it is worth to ask again; 0 when it can be paid now, which takes the turn.
        """
        self._turn = turn
        self._due: dict[str, datetime] = {}
        self._coming: list[tuple[datetime, str]] = []  # a heap; what `_due` does not have is void, in the lines too
        self._lines: defaultdict[str, list[tuple[datetime, datetime, str]]] = defaultdict(list)
        self._turns: dict[str, datetime] = {}  # of lines in which somebody waits, when to ask again
        self._cadences: dict[str, timedelta] = {}

    def __contains__(self, arn: str) -> bool:
        """Whether the project is to be polled."""
        return arn in self._due

    def due(self) -> dict[str, datetime]:
        """When each is due, or has been since."""
        return dict(self._due)

    def put(self, arn: str, due: datetime, *, cadence: timedelta | None = None) -> None:
        """Poll the project then, and not when it was due so far. *cadence* is how often it is asked, where known."""
        self._due[arn] = due
        if cadence is not None:
            self._cadences[arn] = cadence
        heapq.heappush(self._coming, (due, arn))

    def remove(self, arn: str) -> None:
        """Poll the project no more."""
        self._due.pop(arn, None)
        self._cadences.pop(arn, None)

    def shift(self, by: timedelta) -> None:
        """Move every time by *by*."""
        self._due = {arn: at + by for arn, at in self._due.items()}
        self._coming = sorted((at, arn) for arn, at in self._due.items())
        self._lines.clear()
        self._turns.clear()

    def next_at(self) -> datetime | None:
        """When to `take` next; None when nothing is to be polled."""
        return min((*self._turns.values(), *(at for at, _ in self._coming[:1])), default=None)

    def take(self, now: datetime) -> list[tuple[str, datetime]]:
        """Take out who is due and can be paid; each with since when it is due."""
        return [taken for endpoint in self._lines_to_serve(now) for taken in self._served(endpoint, now)]

    def _lines_to_serve(self, now: datetime) -> Iterable[str]:
        """Those whose turn may have come, and those that somebody joins now in which nobody waited."""
        lines = dict.fromkeys(endpoint for endpoint, at in self._turns.items() if at <= now)
        while self._coming and self._coming[0][0] <= now:
            due, arn = heapq.heappop(self._coming)
            if self._due.get(arn) == due:
                endpoint = endpoint_of(arn)
                deadline = due + min(self._cadences.get(arn, _AT_ONCE), PATIENCE)
                heapq.heappush(self._lines[endpoint], (deadline, due, arn))
                if endpoint not in self._turns:
                    lines[endpoint] = None
        return lines

    def _served(self, endpoint: str, now: datetime) -> Iterable[tuple[str, datetime]]:
        line = self._lines.pop(endpoint)
        self._turns.pop(endpoint, None)
        while line:
            _, due, arn = line[0]
            if self._due.get(arn) == due:
                wait = self._turn(arn)
                if wait > 0:
                    self._turns[endpoint] = now + timedelta(seconds=wait)
                    self._lines[endpoint] = line
                    return
                del self._due[arn]
                yield arn, due
            heapq.heappop(line)
