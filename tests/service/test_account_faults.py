"""A daemon that watches several accounts, of which one is in trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitor.simulator import RoleSpec
from tests.builders import project_arn
from tests.service.rig import Files, Told, load, metrics, running, set_status, simulated, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.config.loading import Loaded
    from monitor.service.service import Service
    from monitor.simulator import Simulator

NORTH, SOUTH = "111111111111", "222222222222"
POLL = {"interval": "1s", "transition_interval": "1s", "jitter": 0, "unreachable_after": 2}


def in_account(account: str, name: str) -> str:
    return project_arn(name).replace("111122223333", account)


PROJECTS = {account: [in_account(account, f"p{number}") for number in range(3)] for account in (NORTH, SOUTH)}


def role_arn(account: str) -> str:
    return f"arn:aws:iam::{account}:role/monitor"


def ups(service: Service) -> list[str]:
    """Whether each project is up, in order."""
    return sorted(line.rpartition(" ")[2] for line in metrics(service, "rekognition_project_up{"))


def config(folder: Path, simulator: Simulator, *accounts: str) -> Loaded:
    projects = [{"arn": arn, "account": f"a{account[0]}"} for account in accounts for arn in PROJECTS[account]]
    given: dict[str, Any] = {
        "poll": POLL,
        "aws": {"endpoint_url": simulator.url, "sts_endpoint_url": simulator.url, "max_calls_per_second": 100},
        "accounts": [{"name": f"a{account[0]}", "role_arn": role_arn(account)} for account in accounts],
    }
    return load(folder, simulator.url, *projects, **given)


@pytest.fixture(autouse=True)
def _access(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")


def test_a_refused_role_is_one_event_and_hurts_no_other(tmp_path: Path) -> None:
    """Not one for each project; the other account is asked as ever; and it recovers by itself, told once."""
    told = Told()
    with simulated(*PROJECTS[NORTH], *PROJECTS[SOUTH]) as simulator:
        for account in (NORTH, SOUTH):
            simulator.roles.put(RoleSpec(arn=role_arn(account)))
        refused = simulator.faults.add("error", code="AccessDenied", operation="AssumeRole", account=NORTH)
        with running(config(tmp_path, simulator, NORTH, SOUTH).config, extra_sinks={"told": told}) as service:
            wait_until(lambda: len(told.messages) >= 1)
            wait_until(lambda: ups(service) == ["0"] * 3 + ["1"] * 3)
            simulator.faults.remove(refused)
            set_status(simulator, PROJECTS[SOUTH][0], "STOPPING")
            wait_until(lambda: len(told.messages) >= 3)
            wait_until(lambda: all(line.endswith(" 1") for line in metrics(service, "rekognition_project_up{")))

    first, *others = (summary.partition(":")[0] for summary in told.summaries())
    assert first == f"account {NORTH} in us-east-1 unreachable"
    assert sorted(others) == [f"account {NORTH} in us-east-1 answers again", "p0 / v1"]


def test_an_account_that_joins_at_a_reload_is_asked(tmp_path: Path) -> None:
    """With its own role, beside those that were there."""
    with simulated(*PROJECTS[NORTH], *PROJECTS[SOUTH]) as simulator:
        for account in (NORTH, SOUTH):
            simulator.roles.put(RoleSpec(arn=role_arn(account)))
        files = Files(config(tmp_path, simulator, NORTH))
        with running(config(tmp_path, simulator, NORTH).config, load=files) as service:
            wait_until(lambda: len(metrics(service, "rekognition_project_up{")) == 3)
            files.found = config(tmp_path, simulator, NORTH, SOUTH)
            assert service.reload() == ()
            wait_until(lambda: len(metrics(service, "rekognition_project_up{")) == 6)

    assumed = [served.account for served in simulator.served if served.operation == "AssumeRole"]
    assert assumed == [NORTH, SOUTH]
