"""monitor.service.supervisor"""

from __future__ import annotations

import faulthandler
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from monitor.service.supervisor import Supervisor
from tests.service.manager import Manager

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

WATCHED = {"WATCHDOG_USEC": "40000000"}


@dataclass
class Daemon:
    """One that says of itself what it is told to."""

    line: str = "well"
    loops: dict[str, str] = field(default_factory=dict)

    def status(self) -> str:
        return self.line

    def stuck(self) -> Mapping[str, str]:
        return self.loops


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    """And Python's own handling of fatal signals is as it was, afterwards."""
    handled = faulthandler.is_enabled()
    with Manager(tmp_path) as manager:
        yield manager
    if not handled:
        faulthandler.disable()


def test_the_manager_hears_how_the_daemon_is(manager: Manager) -> None:
    """From its readiness to its stop; the line of its status when it changed."""
    clock, daemon = Clock(), Daemon()
    supervisor = Supervisor(manager.environ(), monotonic=clock)
    supervisor.ready(daemon)
    for clock.now, daemon.line in ((101.0, "well"), (105.0, "busy"), (112.0, "ill"), (125.0, "ill")):
        supervisor.look(daemon)
    supervisor.stopping()

    assert [{"READY": "1", "STATUS": "well"}, {"STATUS": "ill"}] == manager.told()[:-1]
    assert "1" == manager.told()[-1]["STOPPING"]


def test_a_reload_has_a_beginning_and_an_end(manager: Manager) -> None:
    """Its beginning by the clock that systemd has too; its end also when it fails."""
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    with pytest.raises(ZeroDivisionError), Supervisor(manager.environ()).reloading():
        raise ZeroDivisionError
    begun, ended = manager.told()

    assert ("1", {"READY": "1"}) == (begun["RELOADING"], ended)
    assert before <= int(begun["MONOTONIC_USEC"]) <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


def test_the_watchdog_is_fed_until_a_loop_is_stuck(manager: Manager) -> None:
    """Then it is told at once, and so is the log: which loop it was."""
    clock, daemon = Clock(), Daemon()
    supervisor = Supervisor(manager.environ(**WATCHED), monotonic=clock)
    with capture_logs() as entries:
        for clock.now in (100.0, 105.0, 110.0, 111.0, 112.0):
            supervisor.look(daemon)
            daemon.loops = {"polls": "no progress for 200 s"} if clock.now >= 110 else {}

    watchdog = [each["WATCHDOG"] for each in manager.told() if "WATCHDOG" in each]
    assert ["1", "1", "trigger"] == watchdog
    assert [("loop.stuck", {"polls": "no progress for 200 s"})] == [(each["event"], each["loops"]) for each in entries]


def test_a_watched_process_says_where_it_hung(manager: Manager) -> None:
    """The watchdog ends it by SIGABRT; Python then writes the traceback of each thread."""
    Supervisor(manager.environ(**WATCHED)).ready(Daemon())

    assert faulthandler.is_enabled()
