from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass, field

import pytest

from monitor.aws.budget import AHEAD, Budget, Budgets
from monitor.aws.pace import FLOOR
from monitor.errors import StoppingError


@dataclass
class Clock:
    """A monotonic clock that stands still but when somebody waits."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Waiting(threading.Event):
    """The stopping event of a monitor in which waiting takes no time: it moves the clock."""

    clock: Clock
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def wait(self, timeout: float | None = None) -> bool:
        if timeout and not self.is_set():
            self.waits.append(timeout)
            self.clock.now += timeout
        return self.is_set()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stopping(clock: Clock) -> Waiting:
    return Waiting(clock)


@pytest.fixture
def budget(clock: Clock, stopping: Waiting) -> Budget:
    return Budget(5, monotonic=clock, stopping=stopping)


def test_turns_come_as_the_pace_has_them(budget: Budget, stopping: Waiting) -> None:
    """The first call goes at once, each further one waits for its turn and learns when it came."""
    turns = [budget.acquire() for _ in range(3)]

    assert turns == pytest.approx([100.0, 100.22, 100.44])
    assert stopping.waits == pytest.approx([0.22, 0.22])


def test_a_poll_begins_when_its_call_need_not_wait(budget: Budget, clock: Clock, stopping: Waiting) -> None:
    """Whoever asks is told how long it is; each turn is given once, whether its call was made yet or not."""
    told = []
    for _ in range(4):
        told.append(budget.turn_in())
        clock.now += told[-1]
    budget.acquire()

    assert told == pytest.approx([0.0, 0.22 - AHEAD, 0.0, 0.22 - 0.0])
    assert stopping.waits == []


def test_polls_that_begin_in_their_turns_hardly_wait(budget: Budget, clock: Clock, stopping: Waiting) -> None:
    """However many want to begin, a call waits for no more than a poll may be early; and none comes too soon."""
    turns: list[float] = []
    while len(turns) < 50:
        wait = budget.turn_in()
        if wait:
            clock.now += wait
        else:
            turns.append(budget.acquire())

    assert turns == pytest.approx([100 + 0.22 * index for index in range(50)])
    assert max(stopping.waits) <= AHEAD + 1e-9


def test_a_turn_that_nobody_uses_is_lost_and_no_more(budget: Budget, clock: Clock) -> None:
    """A poll whose role is refused makes no call; the next one has to wait as if it had."""
    budget.turn_in()
    clock.now += 0.22

    assert budget.turn_in() == 0.0


def test_throttled_polls_begin_more_seldom(budget: Budget) -> None:
    """The halved rate counts for beginning, too."""
    budget.turn_in()
    budget.throttled(budget.acquire())

    assert budget.turn_in() == pytest.approx(0.4 - AHEAD)


def test_who_waits_with_a_poll_begun_goes_first() -> None:
    """A second page has its turn before another poll begins."""
    asked, stopping = threading.Semaphore(0), threading.Event()

    def clock() -> float:
        asked.release()
        return 0.0

    budget = Budget(1, monotonic=clock, stopping=stopping)
    budget.acquire()

    def wait() -> None:
        with pytest.raises(StoppingError):
            budget.acquire()

    second_page = threading.Thread(target=wait)
    second_page.start()
    for _ in range(2):  # the first call's looks at the clock, and the second's
        assert asked.acquire(timeout=60)
    begins = budget.turn_in()
    stopping.set()
    second_page.join(timeout=60)

    assert begins == pytest.approx(2.2 - AHEAD)


def test_throttling_slows_a_waiting_budget_down(budget: Budget) -> None:
    """The halved rate counts for the next turn already."""
    turn = budget.acquire()
    budget.throttled(turn)

    assert budget.rate == 2.5
    assert budget.acquire() == pytest.approx(100.4)


def test_a_stopping_monitor_sends_away_who_waits() -> None:
    """Somebody who waits for a turn gives up as soon as the monitor stops, and so does whoever waits behind."""
    stopping = threading.Event()
    asked = threading.Semaphore(0)
    refused: list[StoppingError] = []

    def clock() -> float:
        asked.release()
        return 0.0

    budget = Budget(0.01, monotonic=clock, stopping=stopping)

    def wait() -> None:
        with pytest.raises(StoppingError) as error:
            budget.acquire()
        refused.append(error.value)

    budget.acquire()
    waiting = [threading.Thread(target=wait) for _ in range(3)]
    for thread in waiting:
        thread.start()
    assert asked.acquire(timeout=60)
    assert asked.acquire(timeout=60)
    stopping.set()
    for thread in waiting:
        thread.join(timeout=60)

    assert [str(error) for error in refused] == ["the monitor is stopping; a call to AWS was not made"] * 3


def test_a_stopping_monitor_makes_no_more_calls(budget: Budget, stopping: Waiting) -> None:
    """Not even a call whose turn it is."""
    stopping.set()

    with pytest.raises(StoppingError):
        budget.acquire()


def test_many_threads_share_one_budget(clock: Clock, stopping: Waiting) -> None:
    """Turns keep their distance, whichever thread takes them."""
    budget = Budget(5, monotonic=clock, stopping=stopping)
    turns: list[float] = []

    def take() -> None:
        turns.extend(budget.acquire() for _ in range(20))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(turns) == pytest.approx([100 + 0.22 * index for index in range(160)])


def test_each_endpoint_has_its_own_budget(clock: Clock, stopping: Waiting) -> None:
    """One account and region always gets the same budget, another one another."""
    budgets = Budgets(5, monotonic=clock, stopping=stopping)

    one, same, other = budgets.get("us"), budgets.get("us"), budgets.get("eu")
    one.throttled(one.acquire())

    assert one is same
    assert (one.rate, other.rate) == (2.5, 5)


def test_throttling_never_closes_a_budget(budget: Budget) -> None:
    """The rate has a floor, so that the monitor goes on looking."""
    for _ in range(20):
        budget.throttled(budget.acquire())

    assert budget.rate == pytest.approx(5 * FLOOR, rel=0.01)


def test_a_budget_needs_no_boto3() -> None:
    """Importing the budget does not import boto3, which takes long."""
    code = "import sys, monitor.aws.budget, monitor.aws.settings; print({'boto3', 'botocore'} & sys.modules.keys())"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
