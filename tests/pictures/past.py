"""A day of the demo's fleet, lived in seconds: the real poller, simulator, database and sinks, by a clock that is set.

The monitor was down for an hour and a half of that day, so timelines have a gap, and one a change not seen whole.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from monitor.cli.demonstration import simulated_access
from monitor.config.model import Aws, Config, FileSink, LogSink, Poll, Project, State
from monitor.service.core import Core
from monitor.service.sink_states import sink_states
from monitor.simulator import Simulator, load_scenario, shipped_scenario
from tests.web.serving import make_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.web import Ports

BEGIN: Final = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
LASTS: Final = timedelta(hours=24)
STEP: Final = timedelta(minutes=5)
SLOWLY: Final = 0.1
"""Ten times as long as the scenario has it: trainings of hours, models that run for half a day."""

DOWN: Final = (timedelta(hours=9), timedelta(hours=10, minutes=30))


@dataclass
class Clock:
    """A time that is set."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def past_day(directory: Path) -> Iterator[Ports]:
    """What there is to show at the end of the day."""
    clock = Clock()
    demo = load_scenario(shipped_scenario("life-of-everything"))
    scenario = demo.model_copy(update={"limits": demo.limits.model_copy(update={"calls_per_second": None})})
    with simulated_access(os.environ), Simulator(scenario, speed=SLOWLY, clock=clock) as simulator:
        core = Core(_config(directory, simulator.url, scenario.project_arns), {}, clock=clock)
        try:
            _live(core, clock)
            yield _ports(core, clock)
        finally:
            core.dispatcher.stop(5)
            core.close()


def _config(directory: Path, endpoint: str, projects: tuple[str, ...]) -> Config:
    return Config(
        poll=Poll(interval=STEP, transition_interval=STEP),
        aws=Aws(endpoint_url=endpoint, max_calls_per_second=100),
        state=State(url=f"sqlite:///{directory / 'state.db'}"),
        projects=tuple(Project(arn=arn) for arn in projects),
        sinks=(
            LogSink(name="log", type="log", enabled=False),
            FileSink(name="audit", type="file", path=str(directory / "events.jsonl")),
        ),
    )


def _live(core: Core, clock: Clock) -> None:
    core.restore()
    core.connect_sinks(core.make_sinks(core.config))
    core.dispatcher.start()
    while clock.now < BEGIN + LASTS:
        clock.now += STEP
        if not DOWN[0] < clock.now - BEGIN < DOWN[1]:
            for project in core.fleet.projects.values():
                core.poller.poll(project)
    core.dispatcher.drain(30)
    clock.now += STEP / 2


def _ports(core: Core, clock: Clock) -> Ports:
    return make_ports(
        view=core.view,
        records=core.store.records,
        latest=lambda limit: core.store.events(limit=limit, newest_first=True),
        sinks=lambda: sink_states(core.config.sinks, core.store.standings()),
        clock=clock,
    )
