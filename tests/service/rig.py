"""What the service's tests share: a configuration for a simulator, a service that runs, and what it leaves."""

from __future__ import annotations

import json
import logging
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from monitor.config.loading import Loaded, parse_config
from monitor.errors import ConfigError
from monitor.service.service import Service
from monitor.simulator import Scenario, Simulator
from monitor.store.sqlite import database_path
from tests.builders import project_arn
from tests.store.fresh import made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from monitor.config.model import Config
    from monitor.domain.delivery import Message
    from monitor.errors import DeliveryError

DEADLINE = 60.0
A, B = project_arn("a"), project_arn("b")
POLL = {"interval": "1h", "transition_interval": "1h", "jitter": 0}


def load(directory: Path, url: str, *projects: str | Mapping[str, Any], **sections: Any) -> Loaded:
    """A configuration that asks the simulator at *url* about *projects*, at once and then in an hour."""
    config = {
        "poll": POLL,
        "aws": asking(url),
        "state": {"url": f"sqlite:///{directory / 'state.db'}"},
        "web": {"listen": "127.0.0.1:0"},
        "projects": [{"arn": each} if isinstance(each, str) else each for each in projects],
        "sinks": [{"name": "file", "type": "file", "path": str(directory / "events.jsonl")}],
    }
    return parse_config(json.dumps(config | sections), name="monitor.yaml", environ={})


def asking(url: str, **settings: Any) -> dict[str, Any]:
    """How AWS is asked: a simulator on a busy machine has all the time that it needs."""
    return {"max_calls_per_second": 100, "endpoint_url": url, "read_timeout": "30s"} | settings


def make_config(directory: Path, url: str, *projects: str | Mapping[str, Any], **sections: Any) -> Config:
    """As `load`, without its warnings."""
    return load(directory, url, *projects, **sections).config


@dataclass
class Files:
    """What a reload finds: a configuration, or the problems of one."""

    found: Loaded | ConfigError

    def __call__(self) -> Loaded:
        if isinstance(self.found, ConfigError):
            raise self.found
        return self.found


@dataclass
class Told:
    """A sink that remembers."""

    batch: int = 100
    messages: list[Message] = field(default_factory=list)

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        self.messages.extend(messages)
        return {}

    def close(self) -> None:
        """Nothing is held."""

    def summaries(self) -> list[str]:
        return [json.loads(message.document)["data"]["summary"] for message in self.messages]


@contextmanager
def simulated(*projects: str) -> Iterator[Simulator]:
    """A simulator of these projects, each with a version v1 that is RUNNING; calls are not counted."""
    with Simulator(Scenario.model_validate({"limits": {"calls_per_second": None}})) as simulator:
        for arn in projects:
            simulator.world.put_project(arn)
            simulator.world.put_version(arn, "v1", status="RUNNING")
        yield simulator


@contextmanager
def running(config: Config, **options: Any) -> Iterator[Service]:
    """A service from its start to its stop; its database is made where it is missing."""
    made(database_path(config.state.url))
    service = Service(config, **options)
    service.start()
    try:
        yield service
    finally:
        assert service.stop()


def set_status(simulator: Simulator, project: str, status: str) -> None:
    """Move the only version of the project."""
    found = simulator.world.project(project)
    assert found is not None
    [version] = found.versions
    simulator.world.set_status(version, status)


def asked(simulator: Simulator, project: str) -> int:
    """How often the project was listed."""
    return sum(each.project_arn == project for each in simulator.served)


def wait_until(condition: Callable[[], bool], *, every: float = 0.01) -> None:
    """Look again and again, *every* so many seconds. Fails when it takes too long."""
    end = time.monotonic() + DEADLINE
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end
        pause.wait(every)


def get(service: Service, path: str) -> tuple[int, str]:
    """The status and the text that the service answers."""
    try:
        with urllib.request.urlopen(service.url + path, timeout=DEADLINE) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def metrics(service: Service, *starts: str) -> list[str]:
    """The lines of /metrics that begin with one of these."""
    return [line for line in get(service, "/metrics")[1].splitlines() if line.startswith(starts)]


@contextmanager
def logging_restored() -> Iterator[None]:
    """What a test configures of structlog and logging is as before afterwards."""
    known = structlog.get_config()
    root, monitor = logging.getLogger(), logging.getLogger("monitor")
    handlers, levels = root.handlers, (root.level, monitor.level)
    try:
        yield
    finally:
        structlog.configure(**known)
        root.handlers = handlers
        root.setLevel(levels[0])
        monitor.setLevel(levels[1])
