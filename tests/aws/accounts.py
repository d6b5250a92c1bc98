"""Accounts in a simulator, and sessions that ask them."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from monitor.aws.budget import Budgets
from monitor.aws.sessions import Sessions
from monitor.aws.settings import AccountSettings
from monitor.domain.project import parse_project
from monitor.simulator import RoleSpec, Scenario, Simulator
from tests.aws.wire import Calls, make_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.project import Project

NORTH, SOUTH = "111111111111", "222222222222"
REGION: Final = "us-east-1"


def role_arn(account: str) -> str:
    return f"arn:aws:iam::{account}:role/monitor"


def project_in(account: str, *, name: str = "shop", region: str = REGION, called: str | None = None) -> Project:
    """A project of *account*, asked with the credentials *called* so."""
    arn = f"arn:aws:rekognition:{region}:{account}:project/{name}/1690474772815"
    return parse_project(arn, account=called or f"a{account[0]}")


def settings_for(account: str, **given: Any) -> AccountSettings:
    """The role of *account*, under the name that `project_in` gives it."""
    its = {"name": f"a{account[0]}", "role_arn": role_arn(account), "regions": (REGION,)}
    return AccountSettings(**{**its, **given})


@contextmanager
def simulated(*projects: Project, **roles: Any) -> Iterator[Simulator]:
    """A simulator of these projects, with a role in each account; *roles* are settings of all of them."""
    with Simulator(Scenario.model_validate({"limits": {"calls_per_second": None}})) as simulator:
        for project in projects:
            simulator.world.put_project(project.arn)
            simulator.world.put_version(project.arn, "v1", status="RUNNING")
            simulator.roles.put(RoleSpec.model_validate({"arn": role_arn(project.account_id), **roles}))
        yield simulator


@contextmanager
def asking(
    simulator: Simulator, *accounts: AccountSettings, calls: Calls | None = None, **settings: Any
) -> Iterator[Sessions]:
    """Sessions that ask *simulator* as these accounts."""
    made = replace(make_settings(simulator.url, **settings), sts_endpoint_url=simulator.url, accounts=accounts)
    sessions = Sessions(made, Budgets(made.max_calls_per_second, stopping=threading.Event()), calls or Calls())
    try:
        yield sessions
    finally:
        sessions.close()


def operations(simulator: Simulator) -> list[tuple[str, str]]:
    """What was asked of whom, in order."""
    return [(served.operation, served.account) for served in simulator.served]
