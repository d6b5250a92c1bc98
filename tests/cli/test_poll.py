from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
import structlog

from monitor.simulator import Scenario, Simulator
from tests.cli.terminal import Ran, run_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCENARIO = Scenario.model_validate(
    {
        "projects": [
            {
                "name": "shop",
                "versions": [{"name": "v2", "status": "RUNNING"}, {"name": "v1", "status": "STOPPED", "age": "2d"}],
            },
            {"name": "till", "versions": [{"name": "v1", "status": "TRAINING_COMPLETED"}]},
        ]
    }
)
SHOP, TILL = SCENARIO.project_arns
ABSENT = SHOP.replace("shop", "absent")


@pytest.fixture(autouse=True)
def _access(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials that the simulator takes, as it takes any."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    """The command sets the process's log up; the other tests have theirs."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    logging.getLogger("monitor").setLevel(logging.NOTSET)
    structlog.reset_defaults()


@pytest.fixture(name="simulator")
def _simulator() -> Iterator[Simulator]:
    with Simulator(SCENARIO) as simulator:
        yield simulator


def _config(folder: Path, simulator: Simulator, *arns: str) -> str:
    projects = "\n".join(f"  - arn: {arn}" for arn in arns)
    path = folder / "monitor.yaml"
    path.write_text(
        f"aws: {{endpoint_url: '{simulator.url}', max_calls_per_second: 100}}\n"
        f"state: {{url: 'sqlite:///{folder}/state.db'}}\n"
        f"log: {{level: error}}\n"
        f"projects:\n{projects}\n",
        encoding="utf-8",
    )
    return str(path)


def _told(ran: Ran) -> str:
    """What is about the poll: the file's warnings aside."""
    return "".join(f"{line}\n" for line in ran.err.splitlines() if not line.endswith("(warning)"))


def test_a_sweep_is_a_line_a_project(tmp_path: Path, simulator: Simulator) -> None:
    """The first one is a baseline, so it tells no events."""
    ran = run_here("poll", "--config", _config(tmp_path, simulator, SHOP, TILL))
    assert (ran.code, ran.out, _told(ran)) == (
        0,
        """\
PROJECT  REGION     ACCOUNT       RESULT  EVENTS  VERSIONS  STATUSES
shop     us-east-1  111122223333  ok           0         2  1 RUNNING, 1 STOPPED
till     us-east-1  111122223333  ok           0         1  1 TRAINING_COMPLETED
""",
        "",
    )


def test_what_changed_follows_the_table(tmp_path: Path, simulator: Simulator) -> None:
    """An event is a line, as `events` shows it; the next sweep is silent."""
    config = _config(tmp_path, simulator, SHOP)
    run_here("poll", "--config", config)
    shop = simulator.world.project(SHOP)
    version = shop and shop.named("v2")
    assert version
    simulator.world.set_status(version.arn, "FAILED")
    second, third = run_here("poll", "--config", config), run_here("poll", "--config", config)
    told = [ran.out.splitlines()[2:] for ran in (second, third)]
    assert [[line.split("  ", 1)[1].strip() for line in lines] for lines in told] == [
        ["critical  shop / v2: RUNNING -> FAILED"],
        [],
    ]


def test_a_project_that_fails_is_the_exit_code(tmp_path: Path, simulator: Simulator) -> None:
    """The others are polled all the same, and stderr says what to do."""
    ran = run_here("poll", "--config", _config(tmp_path, simulator, ABSENT, TILL))
    lines = [line.split() for line in ran.out.splitlines()[1:]]
    assert (ran.code, [(line[0], line[3]) for line in lines]) == (1, [("absent", "project_not_found"), ("till", "ok")])
    said, hint = _told(ran).split(". ", 1)
    assert (said.startswith("absent (us-east-1): project_not_found: "), "describe-projects" in hint) == (True, True)


def test_machines_get_a_document(tmp_path: Path, simulator: Simulator) -> None:
    """Each project with its versions, events and fault; nothing but JSON on stdout."""
    ran = run_here("poll", "--config", _config(tmp_path, simulator, ABSENT, TILL), "--output", "json")
    told = [
        (each["name"], each["fault"] and each["fault"]["reason"], each["events"], [v["name"] for v in each["versions"]])
        for each in json.loads(ran.out)["projects"]
    ]
    assert told == [("absent", "project_not_found", [], []), ("till", None, [], ["v1"])]
