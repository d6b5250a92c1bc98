"""The whole line in this process: the real client over the network, a real database, and a time that a test sets."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson

from monitor.aws.budget import Budgets
from monitor.aws.reach import PAUSE
from monitor.aws.sessions import Sessions
from monitor.aws.settings import AwsSettings
from monitor.aws.source import RekognitionSource
from monitor.domain.reachability import Reachability
from monitor.ledger import Ledger
from monitor.metrics.exposition import Exposition
from monitor.metrics.instruments import Instruments
from monitor.poller import Poller, PollSettings
from monitor.simulator import Scenario, Simulator
from monitor.store import Store
from monitor.view import View
from tests.aws.environment import isolate
from tests.builders import PROJECT_ARN, at, project
from tests.service.rig import wait_until
from tests.store.fresh import made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    import pytest

    from monitor.domain.fault import Fault
    from monitor.domain.project import Project
    from monitor.domain.snapshot import Listing, Snapshot
    from monitor.poller import Outcome

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
LABELS = 'aws_account_id="111122223333",aws_region="us-east-1",project="getting-started"'
ENDPOINT = "arn:aws:rekognition:us-east-1:111122223333"

_UP = "rekognition_project_up{"
_SHOWN = (
    "rekognition_project_poll_failures_total{",
    "rekognition_project_malformed_versions_total{",
    "rekognition_project_version_status{",
)

PATIENCE = 30.0
"""Seconds to wait for a far end that is going to answer, on a busy machine too."""


def give_credentials(monkeypatch: pytest.MonkeyPatch, access_key: str = ACCESS_KEY) -> None:
    """Those of this key, in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def take_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """None are left in the environment."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")


@dataclass
class Asked:
    """A source that can be turned to another address."""

    instruments: Instruments
    source: RekognitionSource | None = None
    _sessions: list[Sessions] = field(default_factory=list)

    def turn_to(self, url: str, *, timeout: float = PATIENCE) -> None:
        """Ask there from now on, with the credentials that are found then."""
        settings = AwsSettings(
            connect_timeout=timedelta(seconds=timeout),
            read_timeout=timedelta(seconds=timeout),
            endpoint_url=url,
            profile=None,
            workers=1,
            max_calls_per_second=1000,
        )
        budgets = Budgets(settings.max_calls_per_second, stopping=threading.Event())
        self._sessions.append(Sessions(settings, budgets, self.instruments))
        self.source = RekognitionSource(self._sessions[-1])

    def list_versions(self, asked: Project) -> Listing | Fault:
        assert self.source is not None
        return self.source.list_versions(asked)

    def close(self) -> None:
        for sessions in self._sessions:
            sessions.close()


class Line:
    """A poller of one project, from the simulator to what is stored and shown; a poll a minute."""

    def __init__(self, directory: Path, simulator: Simulator) -> None:
        self.simulator = simulator
        self.world = simulator.world
        self.minute = 0
        self.instruments = Instruments()
        self.exposition = Exposition(self.instruments.registry)
        self.asked = Asked(self.instruments)
        self.asked.turn_to(simulator.url)
        self.store = Store.open(f"sqlite:///{made(directory / 'state.db')}", clock=self.clock)
        self.poller = Poller(
            source=self.asked,
            state=self.store,
            view=View(self.exposition),
            ledger=Ledger(self.store, self.instruments, reachability=Reachability(), committed=lambda: None),
            observer=self.instruments,
            settings=PollSettings(unreachable_after=3),
            clock=self.clock,
            monotonic=time.monotonic,
            budget=lambda _endpoint: 1.0,
        )

    def clock(self) -> datetime:
        return at(self.minute)

    def let_ask_again(self) -> None:
        """Where nothing answered, nobody is asked for a moment, in real time."""
        over = time.monotonic() + PAUSE
        wait_until(lambda: time.monotonic() > over, every=0.1)

    def poll(self, times: int = 1) -> Outcome:
        """So many polls, a minute after the other; the last one's outcome."""
        assert times > 0
        for _ in range(times):
            self.minute += 1
            outcome = self.poller.poll(project())
        return outcome

    def snapshot(self) -> Snapshot:
        """As it is stored."""
        snapshot = self.store.snapshot(PROJECT_ARN)
        assert snapshot is not None
        return snapshot

    def events(self) -> list[dict[str, Any]]:
        """The history."""
        return [orjson.loads(message.document) for message in self.store.events(limit=1000)]

    def told(self) -> list[tuple[str, str]]:
        """The history, shortly: type and summary."""
        return [(event["type"].rpartition(".")[2], event["data"]["summary"]) for event in self.events()]

    def shown(self) -> list[str]:
        """What the exposition says of the project and its versions: up or not, and whatever is not 0 of the rest."""
        lines = self.exposition.render("")[0].decode().splitlines()
        return [line for line in lines if line.startswith(_UP) or (line.startswith(_SHOWN) and line[-2:] != " 0")]

    def close(self) -> None:
        self.asked.close()
        self.store.close()


@contextmanager
def open_line(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """A line to a simulator that has the project `getting-started`, without versions, and counts no calls."""
    isolate(monkeypatch, directory)
    with Simulator(Scenario.model_validate({"limits": {"calls_per_second": None}})) as simulator:
        simulator.world.put_project(PROJECT_ARN)
        line = Line(directory, simulator)
        try:
            yield line
        finally:
            line.close()
