"""Plays a campaign: the daemon watches random lives through faults, and is killed and restarted all the while."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitor.simulator import Simulator
from tests.campaign.fleet import fleet
from tests.campaign.oracle import Page, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START_DEADLINE = 60.0
QUIET_DEADLINE = 60.0
STOP_DEADLINE = 30.0
CONFIRM_ABSENCE = 2


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long and how hard.

    Attributes:
        restarts: How often the daemon is ended and started again; nine in ten by SIGKILL, the rest by SIGTERM.
        longest: Seconds that a process lives at most, after its first request.
    """

    lives: int
    projects: int
    restarts: int
    longest: float
    seed: int


class Clock:
    """The world's time, which can be stopped so that the monitor can see the end."""

    def __init__(self) -> None:
        self._stopped: datetime | None = None

    def __call__(self) -> datetime:
        return self._stopped or datetime.now(UTC)

    def stop(self) -> None:
        self._stopped = datetime.now(UTC)


@dataclass
class Campaign:
    """One campaign in a directory of its own."""

    plan: Plan
    directory: Path
    say: Callable[[str], None]
    started: list[datetime] = field(default_factory=list)
    kills: int = 0

    def play(self) -> Verdict:
        """All of it; the verdict holds what went wrong."""
        chance = random.Random(self.plan.seed)
        clock = Clock()
        scenario = fleet(lives=self.plan.lives, projects=self.plan.projects, seed=self.plan.seed)
        with Simulator(scenario, clock=clock) as simulator:
            self._configure(simulator)
            for number in range(self.plan.restarts):
                process = self._start(simulator)
                _wait(chance.uniform(0, self.plan.longest))
                self._end(process, number)
            process = self._start(simulator)
            clock.stop()
            simulator.faults.clear()
            self._wait_for_quiet(simulator)
            process.send_signal(signal.SIGTERM)
            code = process.wait(STOP_DEADLINE)
            pages = self._pages(simulator)
        verdict = judge(pages, self._delivered(), confirm_absence=CONFIRM_ABSENCE)
        if code:
            verdict.problems.append(f"the daemon ended with {code} on SIGTERM")
        self._compare_history(verdict)
        return verdict

    def _configure(self, simulator: Simulator) -> None:
        config = {
            "poll": {"interval": "1s", "transition_interval": "1s", "jitter": 0, "confirm_absence": CONFIRM_ABSENCE},
            "aws": {"max_calls_per_second": 100, "endpoint_url": simulator.url, "read_timeout": "20s"},
            "state": {"url": f"sqlite:///{self.directory / 'state.db'}"},
            "web": {"listen": "127.0.0.1:0"},
            "log": {"level": "warning"},
            "projects": [{"arn": arn} for arn in simulator.scenario.project_arns],
            "sinks": [
                {"name": "log", "type": "log", "enabled": False},
                {"name": "file", "type": "file", "path": str(self.directory / "events.jsonl")},
            ],
        }
        (self.directory / "monitor.yaml").write_text(json.dumps(config))  # JSON is YAML

    def _start(self, simulator: Simulator) -> subprocess.Popen[bytes]:
        """A daemon that has made its first request."""
        before = len(simulator.served)
        self.started.append(datetime.now(UTC))
        with (self.directory / "log.jsonl").open("ab") as log:
            process = subprocess.Popen(self.command("run"), env=environment(), stdout=subprocess.DEVNULL, stderr=log)
        end = time.monotonic() + START_DEADLINE
        while len(simulator.served) == before:
            if process.poll() is not None or time.monotonic() > end:
                tail = (self.directory / "log.jsonl").read_text()[-2000:]
                raise RuntimeError(f"the daemon does not start: {process.poll()}\n{tail}")
            _wait(0.02)
        return process

    def _end(self, process: subprocess.Popen[bytes], number: int) -> None:
        if number % 10 == 9:
            process.send_signal(signal.SIGTERM)
        else:
            process.kill()
            self.kills += 1
        process.wait(STOP_DEADLINE)
        if number % 10 == 9:
            self.say(f"{number + 1} restarts, {self.kills} kills")

    def _wait_for_quiet(self, simulator: Simulator) -> None:
        """Until every project was listed whole three times since the world stands still."""
        begin = len(simulator.served)
        arns = set(simulator.scenario.project_arns)
        end = time.monotonic() + QUIET_DEADLINE
        while time.monotonic() < end:
            later = [each.project_arn for each in simulator.served[begin:] if each.complete]
            if all(later.count(arn) > CONFIRM_ABSENCE for arn in arns):
                return
            _wait(0.2)
        raise RuntimeError("the polls do not come to an end")

    def _pages(self, simulator: Simulator) -> list[Page]:
        return [
            Page(
                process=bisect_right(self.started, served.at) - 1,
                project=served.project_arn or "",
                number=served.page,
                versions=tuple((arn, status or "UNSPECIFIED") for arn, status in served.versions),
                whole=served.sent and served.code is None and served.fault in {None, "latency"},
                last=served.complete,
            )
            for served in simulator.served
            if served.operation == "DescribeProjectVersions"
        ]

    def _delivered(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.directory / "events.jsonl").read_text().splitlines()]

    def _compare_history(self, verdict: Verdict) -> None:
        """The history must hold what was delivered, and nothing else: the outbox is empty."""
        command = self.command("events", "--output", "json", "--limit", "10000000")
        printed = subprocess.run(command, env=environment(), capture_output=True, check=True, text=True).stdout
        stored = [json.loads(line)["id"] for line in printed.splitlines()]
        delivered = {event["id"] for event in self._delivered()}
        if len(stored) != len(set(stored)) or set(stored) != delivered:
            verdict.problems.append(f"{len(stored)} events stored, {len(delivered)} delivered")

    def command(self, name: str, *options: str) -> list[str]:
        """A command of the program, on this campaign's configuration."""
        return [sys.executable, "-m", "monitor", name, "--config", str(self.directory / "monitor.yaml"), *options]


def environment() -> dict[str, str]:
    """The environment of the program: credentials that only a simulator takes."""
    dummies = {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return os.environ | dummies


def _wait(seconds: float) -> None:
    """Let the processes run: a campaign is about real time."""
    time.sleep(seconds)
