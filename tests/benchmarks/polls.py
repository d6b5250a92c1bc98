"""CPU of one poll, everything included, against the plain boto3 paginator loop that a user would write."""

from __future__ import annotations

import copy
import logging
import multiprocessing
import os
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import structlog
from botocore.config import Config as BotoConfig

from monitor import logs
from monitor.aws.budget import Budgets
from monitor.aws.sessions import Sessions
from monitor.aws.source import RekognitionSource
from monitor.config.model import Aws, Config, Project
from monitor.domain.project import parse_project
from monitor.domain.reachability import Reachability
from monitor.ledger import Ledger
from monitor.metrics.exposition import Exposition
from monitor.metrics.instruments import Instruments, make_registry
from monitor.poller import Poller, PollSettings
from monitor.service.clock import utc_now
from monitor.service.settings import aws_settings
from monitor.simulator import Limits, Scenario, Simulator
from monitor.store import Store
from monitor.view import View
from tests.aws_examples import wire_answer
from tests.benchmarks.figures import Figure, paired

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

PROJECT = "arn:aws:rekognition:us-east-1:111122223333:project/bench/1690474772815"
START_DEADLINE = 30.0
GOALS = {1: 0.8, 10: 0.4, 100: 0.1}


def measure(*, rounds: int, calls: int, sizes: Sequence[int] = (1, 10, 100)) -> list[Figure]:
    """With each number of full versions: nothing changed, and all changed."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
    figures: list[Figure] = []
    with _logging_as_usual():
        for versions in sizes:
            with far_end(versions) as (url, change):
                figures += _measure_one(url, versions, GOALS[versions], change, rounds=rounds, calls=calls)
    return figures


@contextmanager
def _logging_as_usual() -> Iterator[None]:
    """A line for each poll, as the daemon writes it, but to nowhere."""
    before = logging.getLogger().handlers
    with Path(os.devnull).open("w") as nowhere:
        logs.configure("info", "json", nowhere)
        try:
            yield
        finally:
            structlog.reset_defaults()
            logging.getLogger().handlers = before


def _measure_one(
    url: str, versions: int, goal: float, change: Connection, *, rounds: int, calls: int
) -> Iterator[Figure]:
    client = boto3.client(
        "rekognition",
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        config=BotoConfig(max_pool_connections=1),
    )
    paginator = client.get_paginator("describe_project_versions")

    def plain() -> None:
        for _ in range(calls):
            seen = {
                each["ProjectVersionArn"]: each["Status"]
                for page in paginator.paginate(ProjectArn=PROJECT)
                for each in page["ProjectVersionDescriptions"]
            }
            assert len(seen) == versions

    project = parse_project(PROJECT)
    with tempfile.TemporaryDirectory() as directory, line(url, Path(directory)) as poller:

        def poll() -> None:
            for _ in range(calls):
                assert poller.poll(project).state.fault is None

        def poll_changed() -> None:
            for _ in range(calls):
                change.send("change")
                change.recv()
                assert len(poller.poll(project).events) == versions

        yield paired(f"poll, {versions} full versions, nothing changed", poll, plain, rounds=rounds, goal=goal)
        yield paired(
            f"poll, {versions} full versions, all changed", poll_changed, plain, rounds=max(1, rounds // 3), goal=1.0
        )


@contextmanager
def line(url: str, directory: Path) -> Iterator[Poller]:
    """The whole line of a poll, as the service joins it, with a budget that never waits: waiting is no work."""
    store = Store.open(f"sqlite:///{directory}/state.db", clock=utc_now)
    instruments = Instruments(make_registry())
    settings = replace(aws_settings(Config(projects=(Project(arn=PROJECT),), aws=Aws(endpoint_url=url))), workers=1)
    budgets = Budgets(1e6, stopping=threading.Event())
    sessions = Sessions(settings, budgets, instruments)
    yield Poller(
        source=RekognitionSource(sessions),
        state=store,
        view=View(Exposition(make_registry())),
        ledger=Ledger(store, instruments, reachability=Reachability(), committed=lambda: None),
        observer=instruments,
        settings=PollSettings(),
        clock=utc_now,
        monotonic=time.monotonic,
        budget=lambda _endpoint: 1e6,
    )
    sessions.close()
    store.close()


@contextmanager
def far_end(versions: int) -> Iterator[tuple[str, Connection]]:
    """The simulator in a process of its own, so that its CPU is not counted; a word to it changes every version."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(versions, there), daemon=True)
    process.start()
    try:
        assert here.poll(START_DEADLINE), "the simulator does not start"
        yield here.recv(), here
    finally:
        process.kill()
        process.join()


def serve(versions: int, told: Connection) -> None:
    """Serve so many full versions until killed."""
    scenario = Scenario(limits=Limits(calls_per_second=None, records=1000))
    with Simulator(scenario) as simulator:
        simulator.world.put_project(PROJECT)
        arns = [simulator.world.put_document(PROJECT, document) for document in documents(versions)]
        told.send(simulator.url)
        for number in count():
            told.recv()
            for arn in arns:
                simulator.world.set_status(arn, "RUNNING" if number % 2 else "STOPPED")
            told.send("changed")


def documents(versions: int) -> list[dict[str, Any]]:
    """AWS's published description so many times, each with an ARN of its own."""
    [published] = wire_answer()["ProjectVersionDescriptions"]
    made = []
    for number in range(versions):
        document = copy.deepcopy(published)
        document["ProjectVersionArn"] = PROJECT.replace(
            "/1690474772815", f"/version/v{number}/{1690556751958 + number}"
        )
        made.append(document)
    return made
