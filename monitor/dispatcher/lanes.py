"""What a worker has in hand: a lane for each subject, in which one message follows the other."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from monitor.dispatcher.moment import Moment
    from monitor.domain.delivery import Delivery, Message


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message as it is handed to the sink, and the deliveries that it settles: one, unless it sums up several.

    Attributes:
        claimed: When; the deliveries' times are told by the clock of then.
    """

    message: Message
    covers: tuple[Delivery, ...]
    claimed: Moment

    @property
    def subject(self) -> str:
        """Whose lane it is in."""
        return self.message.subject


class Lanes:
    """Parcels by subject. Of each lane one at most is out; the next may go when that one was accepted."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Parcel]] = {}
        self._ready: deque[str] = deque()
        self._out: set[str] = set()

    @property
    def size(self) -> int:
        """How many are in hand, those that are out included."""
        return sum(map(len, self._waiting.values())) + len(self._out)

    @property
    def subjects(self) -> AbstractSet[str]:
        """Those that have a lane."""
        return self._waiting.keys() | self._out

    @property
    def ready(self) -> bool:
        """Whether something can go."""
        return bool(self._ready)

    def load(self, parcels: Iterable[Parcel]) -> None:
        """Put *parcels*, each subject's in order, at the ends of their lanes."""
        for parcel in parcels:
            lane = self._waiting.setdefault(parcel.subject, deque())
            lane.append(parcel)
            if len(lane) == 1 and parcel.subject not in self._out:
                self._ready.append(parcel.subject)

    def take(self, limit: int) -> list[Parcel]:
        """The first ones of up to *limit* lanes, which are out now; the lane that waited longest comes first."""
        subjects = [self._ready.popleft() for _ in range(min(limit, len(self._ready)))]
        self._out.update(subjects)
        return [self._first(subject) for subject in subjects]

    def back(self, parcel: Parcel, *, accepted: bool) -> None:
        """*parcel* is out no longer. The rest of its lane may go, or is let go of when it was refused."""
        self._out.remove(parcel.subject)
        if not accepted:
            self._waiting.pop(parcel.subject, None)
        elif parcel.subject in self._waiting:
            self._ready.append(parcel.subject)

    def empty(self) -> None:
        """Let go of whatever is not out."""
        self._waiting.clear()
        self._ready.clear()

    def _first(self, subject: str) -> Parcel:
        lane = self._waiting[subject]
        parcel = lane.popleft()
        if not lane:
            del self._waiting[subject]
        return parcel
