"""Memory of one more account and region, against a boto3 client on a session of its own."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3

from monitor.aws.budget import Budgets
from monitor.aws.sessions import Sessions
from monitor.aws.settings import AwsSettings
from monitor.domain.project import parse_project
from monitor.metrics.instruments import Instruments, make_registry
from tests.benchmarks.figures import Figure
from tests.builders import project_arn

if TYPE_CHECKING:
    from collections.abc import Callable

GOAL: Final = 0.1
REGIONS: Final = ("us-east-1", "us-west-2", "eu-west-1")


def measure(*, ours: int = 60, peers: int = 8) -> list[Figure]:
    """Each in a process of its own, after a first client that is not counted."""
    mine, theirs = _apart(_our_clients, ours), _apart(_plain_clients, peers)
    what = "memory of one more account and region"
    return [Figure(what=what, ours=mine, peer=theirs, unit="KiB", ratio=mine / theirs, goal=GOAL)]


def _apart(make: Callable[[int], Callable[[int], Any]], number: int) -> float:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        grown: float = pool.apply(_growth, (make, number))
    return grown


def _growth(make: Callable[[int], Callable[[int], Any]], number: int) -> float:
    """KiB that the process grows by with each of so many after the first."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
    client = make(number)
    held = [client(0)]
    before = _resident()
    held += [client(each) for each in range(1, number + 1)]
    return (_resident() - before) / number


def _our_clients(number: int) -> Callable[[int], Any]:
    settings = AwsSettings(
        connect_timeout=timedelta(seconds=5),
        read_timeout=timedelta(seconds=20),
        endpoint_url="http://127.0.0.1:9",
        profile=None,
        workers=8,
        max_calls_per_second=1,
    )
    sessions = Sessions(settings, Budgets(1, stopping=threading.Event()), Instruments(make_registry()))
    projects = [
        parse_project(project_arn(account_id=f"{each:012}", region=REGIONS[each % len(REGIONS)]))
        for each in range(number + 1)
    ]
    return lambda each: sessions.connection(projects[each])


def _plain_clients(_number: int) -> Callable[[int], Any]:
    def client(each: int) -> Any:
        session = boto3.Session(region_name=REGIONS[each % len(REGIONS)])
        return session, session.client("rekognition", endpoint_url="http://127.0.0.1:9")

    return client


def _resident() -> float:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024
