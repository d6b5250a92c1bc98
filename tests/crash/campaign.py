"""Plays a crash campaign: the daemon is killed again and again, and then everything must have arrived."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from bisect import bisect_right
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.simulator import Simulator
from tests.campaign.campaign import Clock as WorldClock
from tests.campaign.campaign import environment
from tests.campaign.fleet import fleet
from tests.campaign.oracle import Page, Verdict, judge
from tests.crash.lives import Clock, Kind, Life, fill_disk, free_disk, lives
from tests.crash.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CONFIRM_ABSENCE = 2
QUIET_DEADLINE = 120.0
START_DEADLINE = 10.0
STOP_DEADLINE = 30.0
PROJECTS = 3
SPEED = 3.0
"""Of the world: a version moves every two seconds or so."""
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long and how hard.

    Attributes:
        kills: How often the daemon is killed.
        kinds: What happens in its lives, in turn.
        versions: In the simulated world.
        born_within: While the campaign lasts, as far as it can be told.
    """

    kills: int
    kinds: Sequence[Kind]
    seed: int
    versions: int
    born_within: str


@dataclass
class Result:
    """What a campaign came to.

    Attributes:
        deaths: Where the daemon was killed, for those that were killed at a write.
        seconds: From the first start to the last kill.
    """

    verdict: Verdict
    kills: Counter[str]
    deaths: Counter[str]
    failed: Counter[str]
    jumps: int
    seconds: float


class Zygote:
    """The process that starts daemons; see `tests.crash.zygote`."""

    def __init__(self, directory: Path) -> None:
        names = ("monitor.yaml", "log.jsonl", "clock", "deaths")
        self.deaths = directory / "deaths"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.zygote", *(str(directory / name) for name in names)],
            env=environment(),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, fail_at: int) -> int:
        """The process id of a new daemon."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"life {fail_at}\n")
        self._process.stdin.flush()
        return self._read("pid")

    def ended(self) -> int:
        """Wait for its end; the status of `os.waitpid`."""
        return self._read("end")

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(STOP_DEADLINE)
        self._process.stdout.close()

    def _read(self, word: str) -> int:
        assert self._process.stdout is not None
        told, _, number = self._process.stdout.readline().partition(" ")
        assert told == word, f"the zygote says {told!r}"
        return int(number)


@dataclass
class CrashCampaign:
    """One campaign in a directory of its own."""

    plan: Plan
    directory: Path
    say: Callable[[str], None]
    started: list[datetime] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)
    on_full_disk: set[int] = field(default_factory=set)
    deaths: int = 0

    @property
    def database(self) -> Path:
        return self.directory / "state.db"

    def play(self) -> Result:
        """All of it."""
        world = WorldClock()
        plan = self.plan
        scenario = fleet(lives=plan.versions, projects=PROJECTS, seed=plan.seed, born_within=plan.born_within)
        with Receiver(plan.seed) as receiver, Simulator(scenario, clock=world, speed=SPEED) as simulator:
            self._configure(simulator, receiver)
            clock = Clock(self.directory / "clock")
            zygote = Zygote(self.directory)
            began = time.monotonic()
            for number, life in enumerate(lives(plan.kills, plan.kinds, plan.seed)):
                self._live(life, zygote, clock, simulator)
                if number % 50 == 49:
                    self.say(f"{number + 1} lives in {time.monotonic() - began:.0f} s, {len(receiver.events)} arrivals")
            seconds = time.monotonic() - began
            problems = self._end(zygote, simulator, receiver, world, clock)
            deaths = Counter(zygote.deaths.read_text().splitlines() if zygote.deaths.exists() else [])
            verdict = judge(self._pages(simulator), receiver.events, confirm_absence=CONFIRM_ABSENCE)
            verdict.problems += problems
            return Result(verdict, self.killed, deaths, receiver.failed, clock.jumps, seconds)

    def _live(self, life: Life, zygote: Zygote, clock: Clock, simulator: Simulator) -> None:
        """One daemon, from its start to its death."""
        before = len(simulator.served)
        self.started.append(datetime.now(UTC))
        pid = zygote.start(life.fail_at)
        if life.settled:
            _wait_until(lambda: len(simulator.served) > before or _size(zygote.deaths) > self.deaths)
        if life.kind is Kind.WRITE:
            self._wait_for_deaths(zygote, life.seconds)
        elif life.kind is Kind.RANDOM:
            _wait(life.seconds)
        else:
            self._trouble(life, pid, clock)
        _kill(pid)
        status = zygote.ended()
        assert status == signal.SIGKILL, f"a daemon ended by itself with {status}: {self._tail()}"
        self.killed[life.kind] += 1

    def _wait_for_deaths(self, zygote: Zygote, seconds: float) -> None:
        """Until it has killed itself, or had time enough."""
        _wait_until(lambda: _size(zygote.deaths) > self.deaths, seconds)
        self.deaths = _size(zygote.deaths)

    def _trouble(self, life: Life, pid: int, clock: Clock) -> None:
        """Something goes wrong with the machine for most of the life."""
        _wait(life.seconds / 4)
        if life.kind is Kind.CLOCK:
            clock.jump()
            _wait(life.seconds * 3 / 4)
            return
        self.on_full_disk.add(len(self.started) - 1)
        fill_disk(pid, self.database)
        _wait(life.seconds / 2)
        free_disk(pid)
        _wait(life.seconds / 4)

    def _end(
        self, zygote: Zygote, simulator: Simulator, receiver: Receiver, world: WorldClock, clock: Clock
    ) -> list[str]:
        """A last daemon, in a world that stands still and works, tells the rest; what is wrong then."""
        self.started.append(datetime.now(UTC))  # by the clock that stops now: what it is served comes after it
        world.stop()
        simulator.faults.clear()
        receiver.failing = False
        clock.set(0.0)
        pid = zygote.start(0)
        self._wait_for_quiet(simulator)
        problems = self._wait_for_delivery()
        _kill(pid, signal.SIGTERM)
        status = zygote.ended()
        zygote.close()
        if status:
            problems.append(f"the last daemon ended with {status} on SIGTERM")
        stored = [json.loads(line)["id"] for line in self._run("events", "--limit", "10000000").splitlines()]
        arrived = {event["id"] for event in receiver.events}
        if len(stored) != len(set(stored)) or set(stored) != arrived:
            problems.append(f"{len(stored)} events stored, {len(arrived)} arrived")
        return problems

    def _wait_for_quiet(self, simulator: Simulator) -> None:
        """Until every project was listed whole three times since the world stands still."""
        begin = len(simulator.served)
        arns = simulator.scenario.project_arns
        end = time.monotonic() + QUIET_DEADLINE
        while time.monotonic() < end:
            later = Counter(each.project_arn for each in simulator.served[begin:] if each.complete)
            if all(later[arn] > CONFIRM_ABSENCE for arn in arns):
                return
            _wait(0.1)
        raise RuntimeError(f"the polls do not come to an end: {self._tail()}")

    def _wait_for_delivery(self) -> list[str]:
        """Until nothing waits. What waits for its next attempt is told to be tried now, or this would take minutes."""
        end = time.monotonic() + QUIET_DEADLINE
        while time.monotonic() < end:
            self._run("outbox", "retry", "--all", "--state", "pending", output=False)
            _wait(0.5)
            left = json.loads(self._run("outbox", "list"))["deliveries"]
            if not left:
                return []
        return [f"{each['event']['id']}: {each['state']}: {each['error']}" for each in left]

    def _configure(self, simulator: Simulator, receiver: Receiver) -> None:
        config = {
            "poll": {"interval": "1s", "transition_interval": "1s", "jitter": 0, "confirm_absence": CONFIRM_ABSENCE},
            "aws": {"max_calls_per_second": 100, "endpoint_url": simulator.url, "read_timeout": "20s"},
            "state": {"url": f"sqlite:///{self.database}"},
            "web": {"listen": "127.0.0.1:0"},
            "log": {"level": "warning"},
            "projects": [{"arn": arn} for arn in simulator.scenario.project_arns],
            "sinks": [
                {"name": "log", "type": "log", "enabled": False},
                {
                    "name": "hook",
                    "type": "webhook",
                    "url": receiver.url,
                    "timeout": "1s",
                    "connect_timeout": "1s",
                    "concurrency": 4,
                    "proxy": "none",
                },
            ],
        }
        (self.directory / "monitor.yaml").write_text(json.dumps(config))  # JSON is YAML

    def _pages(self, simulator: Simulator) -> list[Page]:
        """What was served. On a full disk a commit is refused and the poll made again: nothing then is certain.

        The oracle takes a listing for committed when its process asks again, so those pages get a process each.
        """
        processes = [bisect_right(self.started, served.at) - 1 for served in simulator.served]
        return [
            Page(
                process=process if process not in self.on_full_disk else -number,
                project=served.project_arn or "",
                number=served.page,
                versions=tuple((arn, status or "UNSPECIFIED") for arn, status in served.versions),
                whole=served.sent and served.code is None and served.fault in {None, "latency"},
                last=served.complete,
            )
            for number, (process, served) in enumerate(zip(processes, simulator.served, strict=True), 1)
            if served.operation == "DescribeProjectVersions"
        ]

    def _run(self, *command: str, output: bool = True) -> str:
        words = [sys.executable, "-m", "monitor", *command, "--config", str(self.directory / "monitor.yaml")]
        if output:
            words += ["--output", "json"]
        return subprocess.run(words, env=environment(), cwd=ROOT, capture_output=True, check=True, text=True).stdout

    def _tail(self) -> str:
        return (self.directory / "log.jsonl").read_text()[-2000:]


def _kill(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """The process, which is the zygote's child and not waited for before we say so."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _wait_until(condition: Callable[[], bool], seconds: float = START_DEADLINE) -> None:
    """Or so many seconds."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        _wait(0.01)


def _wait(seconds: float) -> None:
    """Let the processes run: a campaign is about real time."""
    time.sleep(seconds)
