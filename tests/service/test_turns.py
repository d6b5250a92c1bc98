"""monitor.service.turns, with the agenda and the budgets, in virtual time"""

from __future__ import annotations

import heapq
import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from monitor.aws.budget import Budgets
from monitor.config.model import Config
from monitor.domain.account import Place
from monitor.domain.agenda import Agenda
from monitor.domain.project import endpoint_of, everything_at, parse_project
from monitor.scheduler import TOGETHER
from monitor.service.fleet import Fleet
from monitor.service.projects import start_delays
from monitor.service.turns import Turns
from monitor.view import PlaceState, View
from tests.builders import at, project_arn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

ANSWER = 0.1
SPACE = 1.1
"""Seconds between two calls of a budget of one a second."""


class Waiting(threading.Event):
    """The stopping event of a monitor in which who waits for a turn moves its own time on, and nobody else's."""

    def __init__(self) -> None:
        super().__init__()
        self.waited = 0.0

    def wait(self, timeout: float | None = None) -> bool:
        self.waited += timeout or 0.0
        return False


@dataclass
class Machine:
    """A few workers, many accounts with a budget of one call a second each; what is called when."""

    workers: int
    turns: Callable[[Budgets], Callable[[str], float]]
    now: float = 0.0
    calls: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    late: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def run(self, cadences: dict[str, float], seconds: float) -> Machine:
        """Poll each project so often, as the scheduler does it."""
        waiting, ready = Waiting(), deque[tuple[str, float]]()
        budgets = Budgets(1, stopping=waiting, monotonic=lambda: self.now + waiting.waited)
        agenda = Agenda(self.turns(budgets))
        ends: list[tuple[float, str]] = []
        for arn, delay in start_delays(map(parse_project, cadences), 1).items():
            agenda.put(arn, at(0) + delay)
        while self.now < seconds:
            alarmed = self.now
            ready += [(arn, (due - at(0)).total_seconds()) for arn, due in agenda.take(_at(self.now))]
            while ready and len(ends) < self.workers:
                arn, due = ready.popleft()
                self.late[arn].append(self.now - due)
                sent, waiting.waited = budgets.get(endpoint_of(arn)).acquire(), 0.0
                self.calls[endpoint_of(arn)].append(sent)
                heapq.heappush(ends, (sent + ANSWER, arn))
            following = agenda.next_at()
            alarm = [max((following - at(0)).total_seconds(), alarmed + TOGETHER.total_seconds())] if following else []
            self.now = min(alarm + [ended for ended, _ in ends[:1]], default=seconds)
            while ends and ends[0][0] <= self.now:
                arn = heapq.heappop(ends)[1]
                agenda.put(arn, _at(self.now + cadences[arn]), cadence=timedelta(seconds=cadences[arn]))
        return self


def _at(seconds: float) -> datetime:
    return at(0) + timedelta(seconds=seconds)


def by_budget(budgets: Budgets) -> Callable[[str], float]:
    config = Config.model_validate({"projects": [{"arn": project_arn("p")}]})
    return Turns(budgets, Fleet(config), View(), lambda _: False)


def at_once(_: Budgets) -> Callable[[str], float]:
    return lambda _: 0.0


def projects(account: int, names: Iterable[object], cadence: float) -> dict[str, float]:
    return {project_arn(f"p{name}", account_id=f"{account:012}"): cadence for name in names}


BUSY = {arn: each for account in range(20) for arn, each in projects(account, range(40), 20.0).items()}
HEALTHY = projects(99, range(3), 30.0)


def test_accounts_near_their_budget_keep_no_other_one_waiting() -> None:
    """Twenty accounts want twice what they may; four workers are enough, and a healthy account is asked in time."""
    held = Machine(4, at_once).run({**BUSY, **HEALTHY}, 300)
    free = Machine(4, by_budget).run({**BUSY, **HEALTHY}, 300)

    assert max(late for arn in HEALTHY for late in held.late[arn][1:]) > 10
    assert [10, 10, 10] == [len(free.late[arn]) for arn in HEALTHY]
    assert max(late for arn in HEALTHY for late in free.late[arn][1:]) < 1


def test_every_budget_is_used_up_and_none_is_exceeded() -> None:
    """Standing in line costs an account none of its calls: each is made in its turn, evenly."""
    calls = Machine(4, by_budget).run(BUSY, 200).calls
    spaces = [later - sooner for times in calls.values() for sooner, later in pairwise(times)]

    assert min(spaces) > SPACE - 1e-6
    assert median(spaces) < SPACE + 0.01
    assert max(spaces) < 2 * SPACE


def test_each_project_of_a_busy_account_has_its_share() -> None:
    """Forty projects that want the same get the same."""
    polls = [len(late) for late in Machine(4, by_budget).run(projects(0, range(40), 20.0), 1200).late.values()]

    assert max(polls) - min(polls) <= 1


def test_what_is_under_way_is_asked_in_time_beside_many_that_wait() -> None:
    """Ten projects in transition go before two hundred that stand still, which all want a little more than is left."""
    still, moving = projects(0, range(200), 330.0), projects(0, "abcdefghij", 30.0)
    late = Machine(4, by_budget).run({**still, **moving}, 3600).late

    assert max(seconds for arn in moving for seconds in late[arn][1:]) < 15
    assert min(len(late[arn]) for arn in still) >= 9


def test_a_discovery_is_paid_by_the_budget_of_the_account_that_sts_has_said() -> None:
    """Before that it has one of its own, which nobody else uses."""
    config = Config.model_validate({"accounts": [{"name": "own", "regions": ["us-east-1"], "discover": {}}]})
    budgets, view = Budgets(1, stopping=Waiting(), monotonic=lambda: 0.0), View()
    turns = Turns(budgets, Fleet(config), view, lambda _: False)
    place = Place(account="own", account_id="", region="us-east-1")
    arn = everything_at(place).arn
    known = Place(account="own", account_id="111122223333", region="us-east-1")

    unknown = turns(arn)
    view.publish_place(PlaceState(place=known))
    found = turns(arn)

    assert (0.0, 0.0) == (unknown, found)
    assert budgets.get(known.endpoint).turn_in() > 0
    assert budgets.get(place.endpoint).turn_in() > 0


def test_a_discovery_that_goes_on_with_its_tags_needs_no_turn_of_the_projects() -> None:
    """The listing is paid, and tags have a budget of their own."""
    config = Config.model_validate({"accounts": [{"name": "own", "regions": ["us-east-1"], "discover": {}}]})
    budgets = Budgets(1, stopping=Waiting(), monotonic=lambda: 0.0)
    turns = Turns(budgets, Fleet(config), View(), lambda place: place.region == "us-east-1")
    place = Place(account="own", account_id="", region="us-east-1")

    assert [0.0, 0.0] == [turns(everything_at(place).arn) for _ in range(2)]
    assert budgets.get(place.endpoint).turn_in() == 0
