"""Which connections go, by a clock that the test sets."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from monitor.web.connections import LIMITS, STALLED, Connection, Connections, Phase


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


class Wire(asyncio.Transport):
    """A connection's far side: only whether it was cut."""

    def __init__(self) -> None:
        super().__init__()
        self.cut = False

    def abort(self) -> None:
        self.cut = True


@dataclass
class House:
    """Connections that speak nothing, and a clock."""

    clock: Clock = field(default_factory=Clock)
    connections: Connections = field(init=False)
    most: int = 3
    held: int = 100

    def __post_init__(self) -> None:
        self.connections = Connections(self.clock, most=self.most, held=self.held)

    def take(self, *, admitted: bool = True) -> tuple[Connection, Wire]:
        """One more connection, a second after the last."""
        self.clock.now += 1
        connection = Connection(self.connections, lambda _: asyncio.Protocol(), lambda _: admitted)
        self.connections.add(connection)
        wire = Wire()
        connection.connection_made(wire)
        return connection, wire

    def later(self, seconds: float) -> None:
        self.clock.now += seconds
        self.connections.sweep()


def test_a_connection_that_says_nothing_is_cut() -> None:
    """After the time for its first request, and not before."""
    house = House()
    _, wire = house.take()
    house.later(LIMITS[Phase.OPENING])
    before = wire.cut
    house.later(0.1)
    assert (False, True, 0) == (before, wire.cut, len(house.connections))


def test_a_byte_now_and_then_buys_no_time() -> None:
    """The first request has to be whole in its time; so has each that follows."""
    house = House()
    first, first_wire = house.take()
    second, second_wire = house.take()
    second.answering()
    second.answered()
    for _ in range(int(LIMITS[Phase.READING]) + 1):
        first.data_received(b"x")
        second.data_received(b"x")
        house.later(1)
    assert (True, True) == (first_wire.cut, second_wire.cut)


def test_an_answer_may_take_long_while_it_is_read() -> None:
    """A reload that takes a minute, a stream of events that takes a day."""
    house = House()
    connection, wire = house.take()
    connection.answering()
    house.later(86400)
    assert not wire.cut


def test_an_answer_that_nobody_reads_is_cut() -> None:
    """Once nothing was taken of it for long; one that was read meanwhile has its time anew."""
    house = House()
    connection, wire = house.take()
    connection.answering()
    connection.pause_writing()
    house.later(STALLED)
    connection.resume_writing()
    connection.pause_writing()
    house.later(STALLED)
    before = wire.cut
    house.later(0.1)
    assert (False, True) == (before, wire.cut)


def test_a_kept_connection_may_wait_for_a_scrape() -> None:
    """Between two requests there may be more than a minute."""
    house = House()
    connection, wire = house.take()
    connection.answering()
    connection.answered()
    house.later(75)
    before = wire.cut
    house.later(6)
    assert (False, True) == (before, wire.cut)


def test_the_oldest_that_says_nothing_makes_room() -> None:
    """Whoever comes is taken; one whose answer is under way stays."""
    house = House()
    busy, busy_wire = house.take()
    busy.answering()
    _, silent_wire = house.take()
    _, later_wire = house.take()
    _, newest_wire = house.take()
    assert [False, True, False, False] == [wire.cut for wire in (busy_wire, silent_wire, later_wire, newest_wire)]


def test_the_one_that_reads_least_makes_room() -> None:
    """Where all are being answered: the one that has taken nothing for longest; where all read, the oldest."""
    house = House(most=2)
    (first, first_wire), (second, second_wire) = house.take(), house.take()
    first.answering()
    second.answering()
    second.pause_writing()
    third, third_wire = house.take()
    third.answering()
    house.take()
    assert [True, True, False] == [wire.cut for wire in (first_wire, second_wire, third_wire)]


def test_what_several_read_slowly_is_held_once() -> None:
    """The same bytes count once, however many they are sent to."""
    house = House(held=100)
    text = b"x" * 80
    wires = []
    for _ in range(3):
        connection, wire = house.take()
        connection.answering()
        connection.hold([text])
        connection.pause_writing()
        house.clock.now += 5
        wires.append(wire)
    assert [False] * 3 == [wire.cut for wire in wires]


def test_the_slowest_goes_when_too_much_is_held() -> None:
    """Who has been still for longest, and only while it is too much; who only just began to wait stays."""
    house = House(held=100)
    slow, slow_wire = house.take()
    slow.answering()
    slow.hold([b"a" * 60])
    slow.pause_writing()
    house.clock.now += 5
    recent, recent_wire = house.take()
    recent.answering()
    recent.hold([b"b" * 30])
    recent.pause_writing()
    newest, newest_wire = house.take()
    newest.answering()
    newest.hold([b"c" * 60])
    assert [True, False, False] == [wire.cut for wire in (slow_wire, recent_wire, newest_wire)]


def test_what_was_sent_is_held_no_longer() -> None:
    """An answer that is done counts nothing."""
    house = House(held=100)
    first, first_wire = house.take()
    first.answering()
    first.hold([b"a" * 90])
    first.pause_writing()
    first.resume_writing()
    first.answered()
    first.pause_writing()
    house.clock.now += 5
    second, _ = house.take()
    second.hold([b"b" * 90])
    assert not first_wire.cut


def test_a_client_that_is_not_admitted_is_cut_unheard() -> None:
    """Nothing of it reaches what speaks HTTP."""
    house = House()
    _, wire = house.take(admitted=False)
    assert (True, 0) == (wire.cut, len(house.connections))
