"""The connections that are open, and which of them have to go.

Nobody has to prove anything before connecting, so what a connection may cost is bounded: how many there are, how long
each may take to say what it wants, how long it may leave unread what it gets, and how much is held for those who read
slowly. Whoever is cut off was the slowest: somebody who asks and reads at once always finds a place.
"""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST: Final = 200
"""Connections at once. Each costs some 30 KB, with TLS 100 KB; a process may have 1,024 files open by default."""

HELD: Final = 128 * 1024 * 1024
"""Bytes of large answers that are held for those who have not read them; what they share counts once."""

STALLED: Final = 20.0
"""Seconds that an answer may lie unread. Prometheus gives a scrape 10 s, unless told otherwise."""

_SLOW: Final = 1.0
"""Seconds unread after which an answer may be given up for the sake of others."""


class Phase(Enum):
    """What a connection is at."""

    OPENING = auto()
    READING = auto()
    ANSWERING = auto()
    WAITING = auto()


LIMITS: Final = {Phase.OPENING: 10.0, Phase.READING: 10.0, Phase.WAITING: 80.0}
"""Seconds. OPENING ends with the first request, its TLS handshake included; READING is a later request that has begun;
WAITING is between two, a little longer than uvicorn itself keeps a connection."""


class Connection(asyncio.Protocol):
    """A protocol before the one that speaks HTTP, which knows since when the connection is at what."""

    def __init__(
        self,
        connections: Connections,
        speak: Callable[[Connection], asyncio.Protocol],
        admits: Callable[[asyncio.BaseTransport], bool],
    ) -> None:
        """*speak* makes what speaks HTTP on it, and *admits* tells whether the far end may be spoken with at all."""
        self._connections = connections
        self._inner = speak(self)
        self._admits = admits
        self._spoken = False
        self._transport: asyncio.BaseTransport | None = None
        self._give_up: Callable[[], object] | None = None
        self.phase = Phase.OPENING
        self.since = connections.clock()
        self.stalled_since: float | None = None

    def opens_by(self, give_up: Callable[[], object] | None) -> None:
        """While there is no transport, *give_up* ends the connection; None once there is one, or never will be."""
        self._give_up = give_up

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        if not self._admits(transport):
            self.cut()
            return
        self._spoken = True
        self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.drop(self)
        if self._spoken:
            self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.phase is Phase.WAITING:
            self._turn(Phase.READING)
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self.stalled_since = self._connections.clock()
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self.stalled_since = None
        self._inner.resume_writing()

    def answering(self) -> None:
        """A request is whole."""
        self._turn(Phase.ANSWERING)

    def hold(self, portions: Iterable[bytes]) -> None:
        """These are held for it until it is answered."""
        self._connections.hold(self, portions)

    def answered(self) -> None:
        """Its answer is on its way. What comes of the same request still counts as a new one that has begun."""
        self._connections.release(self)
        self._turn(Phase.WAITING)

    def cut(self) -> None:
        """End it at once."""
        self._connections.drop(self)
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()
        elif self._give_up is not None:
            self._give_up()

    def late(self, now: float) -> bool:
        """Whether it has taken too long."""
        stalled = self.stalled_since is not None and now - self.stalled_since > STALLED
        return stalled or now - self.since > LIMITS.get(self.phase, now)

    def _turn(self, phase: Phase) -> None:
        self.phase = phase
        self.since = self._connections.clock()
        self._connections.turned(self)


class Connections:
    """All of them. For the thread that serves only."""

    def __init__(self, clock: Callable[[], float], *, most: int = MOST, held: int = HELD) -> None:
        """*clock* gives seconds that only grow; *most* connections, and *held* bytes of large answers."""
        self.clock: Final = clock
        self._most = most
        self._open: dict[Connection, None] = {}  # those that have been at the same for longest come first
        self._holdings = _Holdings(held)

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Connection]:
        return iter(tuple(self._open))

    def add(self, connection: Connection) -> None:
        """One more; another one goes if they are too many."""
        while len(self._open) >= self._most:
            self._least_missed().cut()
        self._open[connection] = None

    def turned(self, connection: Connection) -> None:
        """It is at something else than before."""
        if connection in self._open:
            del self._open[connection]
            self._open[connection] = None

    def drop(self, connection: Connection) -> None:
        """It has ended, or will."""
        self._open.pop(connection, None)
        self._holdings.release(connection)

    def sweep(self) -> None:
        """Cut those that are late."""
        now = self.clock()
        for connection in self:
            if connection.late(now):
                connection.cut()

    def hold(self, connection: Connection, portions: Iterable[bytes]) -> None:
        """*connection* is sent these until it is released; those who read slowly go if that is too much."""
        self._holdings.hold(connection, portions)
        now = self.clock()
        slow = (each for each in self if each.stalled_since is not None and now - each.stalled_since > _SLOW)
        for each in sorted(slow, key=_stalled_since):
            if not self._holdings.too_much:
                return
            each.cut()

    def release(self, connection: Connection) -> None:
        """It has been sent what was held for it."""
        self._holdings.release(connection)

    def _least_missed(self) -> Connection:
        """Of those that have asked for nothing yet the oldest; else the one that reads least; else the oldest."""
        for each in self._open:
            if each.phase is not Phase.ANSWERING:
                return each
        return min(self._open, key=_stalled_since)


class _Holdings:
    """Bytes that are held for connections; what several hold is there once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._holders: dict[int, int] = {}
        self._held: dict[Connection, list[bytes]] = {}

    @property
    def too_much(self) -> bool:
        return self._size > self._most

    def hold(self, connection: Connection, portions: Iterable[bytes]) -> None:
        self.release(connection)
        self._held[connection] = held = list(portions)
        for portion in held:
            holders = self._holders.get(id(portion), 0)
            self._holders[id(portion)] = holders + 1
            self._size += 0 if holders else len(portion)

    def release(self, connection: Connection) -> None:
        for portion in self._held.pop(connection, ()):
            self._holders[id(portion)] -= 1
            if not self._holders[id(portion)]:
                del self._holders[id(portion)]
                self._size -= len(portion)


def _stalled_since(connection: Connection) -> tuple[bool, float]:
    """Those that take nothing come first."""
    stalled = connection.stalled_since
    return (True, connection.since) if stalled is None else (False, stalled)
