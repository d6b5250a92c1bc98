"""Real parts from end to end: simulator, daemon, Prometheus, Alertmanager, and somebody who is told."""

from __future__ import annotations

import gzip
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from monitor.simulator import Scenario, Simulator
from tests.deploy.rules import rules
from tests.end_to_end.between import Receiver, ScrapeLog
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.prometheus import (
    DEADLINE,
    GROUP_INTERVAL,
    GROUP_WAIT,
    SCRAPE_INTERVAL,
    Watch,
    wait_until,
)
from tests.metrics.parsing import parse_openmetrics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROJECT: Final = "arn:aws:rekognition:us-east-1:111122223333:project/shelves/1690474772815"
SHELVES: Final = {
    "job": "rekognition-monitor",
    "aws_account_id": "111122223333",
    "aws_region": "us-east-1",
    "project": "shelves",
}
PROMPTLY: Final = 2 * SCRAPE_INTERVAL + GROUP_WAIT + DEADLINE
"""Two scrape intervals and the group wait, and what processes which share a machine may lose."""

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Every link, running."""

    simulator: Simulator
    version: str
    daemon: Daemon
    scrapes: ScrapeLog
    watch: Watch
    receiver: Receiver

    def show(self, status: str) -> None:
        """The version takes a status, and the monitor shows it from now on."""
        self.simulator.world.set_status(self.version, status)
        self.daemon.wait_for(lambda: f'status="{status}"}} 1\n' in self.daemon.get("/metrics"))


@contextmanager
def running_chain(directory: Path) -> Iterator[Chain]:
    """With one version that is RUNNING, polled every second, scraped at least twice, and in order.

    Prometheus takes five seconds to find a target. They are five minutes here: RekognitionMonitorAbsent may tell so.
    """
    receiver = Receiver()
    with Simulator(Scenario()) as simulator, receiver.serving() as told:
        simulator.world.put_project(PROJECT)
        version = simulator.world.put_version(PROJECT, "prod.2", status="RUNNING", min_inference_units=1)
        with Daemon(directory, simulator, [PROJECT]) as daemon:
            scrapes = ScrapeLog(lambda: daemon.url)
            with scrapes.serving() as target, Watch(directory, target=target, receiver=told) as watch:
                wait_until(lambda: len(scrapes.scrapes) > 1, "Prometheus has scraped")
                wait_until(lambda: watch.firing() == [], "nothing fires any more")
                yield Chain(
                    simulator=simulator,
                    version=version,
                    daemon=daemon,
                    scrapes=scrapes,
                    watch=watch,
                    receiver=receiver,
                )


@pytest.fixture(scope="module")
def healthy_chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """One that nobody moves: Prometheus takes five seconds to begin."""
    with running_chain(tmp_path_factory.mktemp("healthy")) as chain:
        yield chain


def test_failed_version_is_told_promptly_and_its_recovery_too(tmp_path: Path) -> None:
    """FAILED is at the receiver within two scrape intervals and the group wait; RUNNING again resolves it."""
    with running_chain(tmp_path) as chain:
        chain.show("FAILED")
        failed = chain.receiver.told("RekognitionVersionFailed", "firing", within=PROMPTLY)
        chain.show("RUNNING")
        recovered = chain.receiver.told("RekognitionVersionFailed", "resolved", within=GROUP_INTERVAL + PROMPTLY)
        messages = chain.receiver.messages()

    assert failed is not None
    assert recovered is not None
    assert ("prod.2", "critical") == (failed["labels"]["version"], failed["labels"]["severity"])
    about_project = [message for message in messages if "project" in message["commonLabels"]]
    assert [SHELVES] * len(about_project) == [message["groupLabels"] for message in about_project]


def test_killed_monitor_is_told_and_silences_what_it_said(tmp_path: Path) -> None:
    """A monitor that is killed raises its own alert; that a version is FAILED does not end with it."""
    with running_chain(tmp_path) as chain:
        chain.show("FAILED")
        failed = chain.receiver.told("RekognitionVersionFailed", "firing", within=PROMPTLY)
        chain.daemon.stop(signal.SIGKILL)
        down = chain.receiver.told("RekognitionMonitorDown", "firing", within=DEADLINE)
        wait_until(lambda: "RekognitionVersionFailed" not in chain.watch.firing(), "the version's alert has ended")
        ended = chain.receiver.told("RekognitionVersionFailed", "resolved", within=GROUP_INTERVAL + GROUP_WAIT)

    assert failed is not None
    assert down is not None
    assert "critical" == down["labels"]["severity"]
    assert ended is None


def test_prometheus_negotiates_gzip_and_openmetrics(healthy_chain: Chain) -> None:
    """What Prometheus asks for and gets is OpenMetrics in gzip, and it can read it."""
    watch = healthy_chain.watch
    wait_until(lambda: bool(watch.query("rekognition_project_version_status")), "samples are stored")
    scrape = healthy_chain.scrapes.scrapes[-1]

    assert "/metrics" == scrape.path
    assert "application/openmetrics-text" in scrape.accept
    assert "gzip" == scrape.accept_encoding
    assert ("gzip", True) == (scrape.content_encoding, scrape.content_type.startswith("application/openmetrics-text"))
    assert [] != parse_openmetrics(gzip.decompress(scrape.body).decode())


def test_every_rule_is_evaluated_and_a_healthy_monitor_raises_nothing(healthy_chain: Chain) -> None:
    """Prometheus has loaded and evaluated every rule that is shipped without an error, and no alert fires."""
    watch = healthy_chain.watch
    wait_until(lambda: all(rule["health"] != "unknown" for rule in watch.rules()), "rules are evaluated")
    evaluated = watch.rules()
    wait_until(lambda: watch.firing() == [], "nothing fires, whatever late scrapes made of it for a moment")

    assert sorted((rule.name, "ok") for rule in rules()) == sorted((each["name"], each["health"]) for each in evaluated)
