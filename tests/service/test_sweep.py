"""monitor.service.sweep"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from monitor.domain.fault import Reason
from monitor.domain.project import parse_project
from monitor.errors import ConfigError
from monitor.service.history import open_state
from monitor.service.projects import interleaved
from monitor.service.sweep import sweep
from monitor.simulator import FaultKind
from monitor.store import StateLock
from tests.builders import project, project_arn
from tests.service.rig import A, B, asked, make_config, set_status

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.config.model import Config
    from monitor.simulator import Simulator


def quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def delivered(directory: Path) -> list[str]:
    path = directory / "events.jsonl"
    return [json.loads(line)["data"]["summary"] for line in path.read_text().splitlines()] if path.exists() else []


def pending(config: Config) -> dict[str, int]:
    with open_state(config) as store:
        return {sink: stats.pending for sink, stats in store.outbox_stats().items()}


def test_every_project_is_polled_once(simulator: Simulator, tmp_path: Path) -> None:
    """The results are in the order of the file, and the progress is told poll by poll."""
    told: list[tuple[int, int]] = []
    simulator.faults.add(FaultKind.ERROR, code="AccessDeniedException", project="a")
    config = make_config(tmp_path, simulator.url, A, B)
    polled = sweep(config, progress=lambda done, total: told.append((done, total))).projects

    assert [(project(A), Reason.ACCESS_DENIED, None), (project(B), None, ["RUNNING"])] == [
        (
            each.project,
            each.fault and each.fault.reason,
            each.state.snapshot and [tracked.version.status.word for tracked in each.state.snapshot.versions.values()],
        )
        for each in polled
    ]
    assert [(1, 2), (2, 2)] == told
    assert (1, 1) == (asked(simulator, A), asked(simulator, B))


def test_accounts_and_regions_take_turns() -> None:
    """A sweep's few workers wait for no budget while another one is unused."""
    arns = [project_arn("a"), project_arn("b"), project_arn("c"), project_arn("a", region="eu-west-1")]

    assert [arns[0], arns[3], arns[1], arns[2]] == [each.arn for each in interleaved(map(parse_project, arns))]


def test_what_changed_since_the_last_sweep_is_told(simulator: Simulator, tmp_path: Path) -> None:
    """The first is a silent baseline; the second's events are delivered before it returns."""
    config = make_config(tmp_path, simulator.url, A, B)
    first = sweep(config, progress=quiet).projects
    set_status(simulator, A, "STOPPING")
    second = sweep(config, progress=quiet).projects

    assert [[], []] == [list(polled.events) for polled in first]
    assert [["a / v1: RUNNING -> STOPPING"], []] == [
        [event.document["data"]["summary"] for event in polled.events] for polled in second
    ]
    assert (["a / v1: RUNNING -> STOPPING"], {}) == (delivered(tmp_path), pending(config))


def test_deliveries_are_left_to_the_daemon_that_has_the_database(simulator: Simulator, tmp_path: Path) -> None:
    """What the sweep finds is stored for it."""
    config = make_config(tmp_path, simulator.url, A)
    sweep(config, progress=quiet)
    set_status(simulator, A, "STOPPING")
    daemons = StateLock(config.state.url)
    assert daemons.acquire()
    [polled] = sweep(config, progress=quiet).projects
    waiting = pending(config)
    daemons.release()

    assert 1 == len(polled.events)
    assert ([], {"file": 1, "log": 1}) == (delivered(tmp_path), waiting)


def test_a_sink_that_cannot_be_made_ends_a_sweep_before_it_begins(simulator: Simulator, tmp_path: Path) -> None:
    """Nothing is asked, and the database is free again."""
    missing = {"name": "ops", "type": "webhook", "url": "https://example.com", "secret_file": str(tmp_path / "none")}
    config = make_config(tmp_path, simulator.url, A, sinks=[missing])
    with pytest.raises(ConfigError, match="none"):
        sweep(config, progress=quiet)
    lock = StateLock(config.state.url)

    assert ((), True) == (simulator.served, lock.acquire())
    lock.release()


def test_an_interrupted_sweep_waits_for_nothing_more(simulator: Simulator, tmp_path: Path) -> None:
    """Who stands in line for the budget gives up the place; what was polled is committed."""
    many = [simulator.world.put_project(project_arn(f"p{number}")) for number in range(20)]
    slow = {"max_calls_per_second": 0.1, "endpoint_url": simulator.url}
    config = make_config(tmp_path, simulator.url, *many, aws=slow)

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(config, progress=interrupt)
    with open_state(config) as store:
        stored = [snapshot.project_arn for snapshot in store.snapshots()]

    assert (1, [each.project_arn for each in simulator.served]) == (len(stored), stored)
