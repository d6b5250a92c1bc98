"""Discovery through the whole service, with the simulated STS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitor.domain.fault import Reason
from monitor.service.fleet import known_projects
from monitor.service.history import open_state
from monitor.service.sweep import sweep
from monitor.simulator import FaultKind, Scenario, Simulator
from tests.aws.environment import isolate
from tests.builders import project_arn
from tests.service.rig import Files, Told, load, logging_restored, metrics, running, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.config.loading import Loaded

ID = "444455556666"
ROLE = f"arn:aws:iam::{ID}:role/rekognition-monitor"
POLL = {"interval": "1s", "transition_interval": "1s", "jitter": 0}


def arn(name: str, created_ms: int = 1690474772815) -> str:
    return project_arn(name, account_id=ID, created_ms=created_ms)


SHOP, NEW = arn("shop"), arn("new", 1690474779999)


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Simulator]:
    """An account with a role, the project `shop`, and a running version in it."""
    isolate(monkeypatch, tmp_path)
    scenario = Scenario.model_validate({"limits": {"calls_per_second": None}, "roles": [{"arn": ROLE}]})
    with logging_restored(), Simulator(scenario) as simulator:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", simulator.url)
        put(simulator, SHOP, "RUNNING")
        yield simulator


def put(simulator: Simulator, project: str, status: str) -> None:
    simulator.world.put_project(project)
    simulator.world.put_version(project, "v1", status=status)


def loaded(tmp_path: Path, simulator: Simulator, unreachable_after: int = 3, **discover: Any) -> Loaded:
    account = {"name": "shop", "role_arn": ROLE, "regions": ["us-east-1"], "discover": {"every": "1s"} | discover}
    poll = POLL | {"unreachable_after": unreachable_after}
    return load(tmp_path, simulator.url, poll=poll, accounts=[account], sinks=[])


def names(told: Told) -> list[str]:
    return [summary.replace(": ", " ") for summary in told.summaries()]


def test_projects_of_an_account_are_found_watched_and_told(simulator: Simulator, tmp_path: Path) -> None:
    """What is there is a silent baseline; what is made later is told with its versions, and so is its end."""
    told = Told()
    config = loaded(tmp_path, simulator).config
    with running(config, extra_sinks={"told": told}) as service:
        wait_until(lambda: metrics(service, "rekognition_project_up") != [])
        put(simulator, NEW, "TRAINING_IN_PROGRESS")
        wait_until(lambda: len(told.messages) == 2)
        simulator.world.remove_project(NEW)
        wait_until(lambda: len(told.messages) >= 4)
        shown = metrics(service, "rekognition_discovery_up", "rekognition_discovery_projects")
        wait_until(lambda: len(metrics(service, "rekognition_project_up")) == 1)

    assert ["new appeared", "new / v1 appeared, TRAINING_IN_PROGRESS"] == names(told)[:2]
    assert "new disappeared" in names(told)
    labels = f'{{account="shop",aws_account_id="{ID}",aws_region="us-east-1"}}'
    assert f"rekognition_discovery_up{labels} 1.0" in shown


def test_a_restart_watches_at_once_and_tells_what_happened_meanwhile(simulator: Simulator, tmp_path: Path) -> None:
    """The list is read from the database, though AWS says nothing; a project that was made while nothing ran is new."""
    config, told = loaded(tmp_path, simulator, unreachable_after=100).config, Told()
    with running(config) as service:
        wait_until(lambda: metrics(service, "rekognition_project_up") != [])
    put(simulator, NEW, "STOPPED")
    simulator.faults.add(FaultKind.ERROR, code="AccessDeniedException", operation="DescribeProjects")
    with running(config, extra_sinks={"told": told}) as service:
        at_once = metrics(service, "rekognition_project_info")
        simulator.faults.clear()
        wait_until(lambda: len(told.messages) == 2)

    assert [True] == ["shop" in line for line in at_once]
    assert ["new appeared", "new / v1 appeared, STOPPED"] == names(told)


def test_a_reload_takes_projects_in_and_out_in_silence(simulator: Simulator, tmp_path: Path) -> None:
    """The configuration changed, not the world."""
    put(simulator, NEW, "STOPPED")
    told, files = Told(), Files(loaded(tmp_path, simulator, include=["shop"]))
    with running(loaded(tmp_path, simulator).config, load=files, extra_sinks={"told": told}) as service:
        wait_until(lambda: len(metrics(service, "rekognition_project_up")) == 2)
        assert () == service.reload()
        narrowed = metrics(service, "rekognition_project_up")
        files.found = loaded(tmp_path, simulator)
        assert () == service.reload()
        wait_until(lambda: len(metrics(service, "rekognition_project_up")) == 2)

    assert (1, []) == (len(narrowed), told.messages)


def test_a_role_that_is_refused_is_one_event_and_shows_from_the_first_moment(
    simulator: Simulator, tmp_path: Path
) -> None:
    """The account has never answered; when it does, that is told, and its projects are a silent baseline."""
    told = Told()
    role = simulator.roles.find(ROLE)
    assert role is not None
    simulator.roles.put(role.model_copy(update={"trusts": ("999999999999",)}))
    config = loaded(tmp_path, simulator).config
    with running(config, extra_sinks={"told": told}) as service:
        wait_until(lambda: metrics(service, "rekognition_discovery_failures_total") != [])
        wait_until(lambda: metrics(service, "rekognition_discovery_up") != [])
        refused = metrics(service, "rekognition_discovery_up", "rekognition_discovery_failures_total")
        wait_until(lambda: len(told.messages) == 1)
        simulator.roles.put(role)
        wait_until(lambda: len(told.messages) == 2)
        wait_until(lambda: metrics(service, "rekognition_project_up") != [])

    labels = f'account="shop",aws_account_id="{ID}",aws_region="us-east-1"'
    assert f"rekognition_discovery_up{{{labels}}} 0.0" in refused
    assert any(line.startswith("rekognition_discovery_failures_total") and "credentials_" in line for line in refused)
    unreachable, recovered = told.summaries()
    assert unreachable.startswith(f"account {ID} in us-east-1 unreachable: credentials_refused: ")
    assert recovered == f"account {ID} in us-east-1 answers again"


def test_a_project_that_is_listed_and_found_is_one(simulator: Simulator, tmp_path: Path) -> None:
    """It is watched as it is listed, whatever discovery would leave out."""
    account = {"name": "shop", "role_arn": ROLE, "regions": ["us-east-1"], "discover": {"exclude": ["shop"]}}
    listed = {"arn": SHOP, "account": "shop", "labels": {"team": "vision"}}
    put(simulator, NEW, "STOPPED")
    config = load(tmp_path, simulator.url, listed, poll=POLL, accounts=[account], sinks=[]).config
    with running(config) as service:
        wait_until(lambda: len(metrics(service, "rekognition_project_up")) == 2)
        shown = metrics(service, "rekognition_project_info")

    assert {"shop": True, "new": False} == {
        line.split('project="')[1].split('"')[0]: 'team="vision"' in line for line in shown
    }


def test_tags_choose_projects(simulator: Simulator, tmp_path: Path) -> None:
    """Asked of AWS for each project."""
    put(simulator, NEW, "STOPPED")
    simulator.world.set_tags(SHOP, {"watch": "yes"})
    config = loaded(tmp_path, simulator, tags={"watch": "y*"}).config
    with running(config) as service:
        wait_until(lambda: metrics(service, "rekognition_project_up") != [])
        wait_until(lambda: sum(each.operation == "DescribeProjects" for each in simulator.served) > 1)
        shown = metrics(service, "rekognition_project_up")

    assert [True] == ['project="shop"' in line for line in shown]
    assert 2 == sum(each.operation == "ListTagsForResource" for each in simulator.served)


def test_a_sweep_discovers_first(simulator: Simulator, tmp_path: Path) -> None:
    """And `status` knows afterwards what was found; a place that cannot be asked is a fault of the sweep."""
    config = loaded(tmp_path, simulator).config
    first = sweep(config, progress=lambda _done, _total: None)
    simulator.faults.add(FaultKind.ERROR, code="AccessDeniedException", operation="DescribeProjects")
    second = sweep(config, progress=lambda _done, _total: None)
    with open_state(config) as state:
        known = known_projects(config, state)

    assert [("shop", None)] * 2 == [
        (each.project.name, each.fault) for swept in (first, second) for each in swept.projects
    ]
    assert [None, Reason.ACCESS_DENIED] == [
        each.fault and each.fault.reason for swept in (first, second) for each in swept.places
    ]
    assert [SHOP] == [project.arn for project in known]
