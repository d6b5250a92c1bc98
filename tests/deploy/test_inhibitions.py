"""What the shipped Alertmanager configuration holds back, asked of a real Alertmanager."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, Final

import pytest

from tests.deploy.case import PROJECT, TARGET, VERSION
from tests.deploy.rules import PROMETHEUS, alerts
from tests.end_to_end.prometheus import DEADLINE, Program, alertmanager, reserved_address, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JOB: Final = {"job": "rekognition-monitor"}
OTHER_PROJECT: Final = VERSION | {"project": "tills"}
OTHER_MONITOR: Final = VERSION | {"instance": "127.0.0.1:20417"}
LAST: Final = {"instance": "127.0.0.1:30417"}
"""The labels of the two alerts that are sent last: Alertmanager knows what holds back what when one holds the other."""


def alert(name: str, labels: dict[str, str]) -> dict[str, str]:
    """An alert as Prometheus sends it: with the severity that its rule has."""
    [rule] = [rule for rule in alerts() if rule.name == name]
    return {**labels, **rule.labels, "alertname": name}


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Program]:
    with (
        reserved_address() as address,
        alertmanager(PROMETHEUS / "alertmanager.yml", tmp_path, address) as program,
    ):
        yield program


def held_back(manager: Program, *firing: dict[str, str]) -> list[dict[str, str]]:
    """Those of the alerts that are held back while all of them fire."""
    last = alert("RekognitionMonitorDeliveriesDead", TARGET | LAST | {"sink": "ops"})
    sent = [*firing, alert("RekognitionMonitorDown", TARGET | LAST), last]
    body = json.dumps([{"labels": labels} for labels in sent]).encode()
    request = urllib.request.Request(
        f"{manager.url}/api/v2/alerts", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=DEADLINE):
        pass
    wait_until(lambda: last in inhibited(manager), "every alert is taken, to the last")
    shown = inhibited(manager)
    return [labels for labels in firing if labels in shown]


def inhibited(manager: Program) -> list[dict[str, str]]:
    """The labels of every alert that is held back now."""
    return [each["labels"] for each in manager.get("/api/v2/alerts") if each["status"]["inhibitedBy"]]


def test_unreachable_project_holds_back_its_versions_only(manager: Program) -> None:
    """What was last seen of it, and that it is old, are no news; another project's versions are."""
    own = [
        alert("RekognitionVersionFailed", VERSION | {"status": "FAILED"}),
        alert("RekognitionVersionRunningTooLong", VERSION),
        alert("RekognitionProjectStale", PROJECT),
    ]
    others = [alert("RekognitionVersionFailed", OTHER_PROJECT), alert("RekognitionMonitorOutboxOld", TARGET)]
    source = alert("RekognitionProjectUnreachable", PROJECT)
    assert own == held_back(manager, source, *own, *others)


def test_monitor_that_is_down_holds_back_all_that_it_said(manager: Program) -> None:
    """Its versions, its projects and itself; not what another monitor says."""
    own = [
        alert("RekognitionVersionFailed", VERSION),
        alert("RekognitionProjectUnreachable", PROJECT),
        alert("RekognitionMonitorDeliveriesDead", TARGET | {"sink": "ops"}),
    ]
    source = alert("RekognitionMonitorDown", TARGET)
    assert own == held_back(manager, source, *own, alert("RekognitionVersionFailed", OTHER_MONITOR))


def test_monitor_that_does_not_poll_holds_back_that_its_projects_are_old(manager: Program) -> None:
    """Stale projects follow from it; a version that failed before does not."""
    source = alert("RekognitionMonitorPollsStopped", TARGET)
    own = [alert("RekognitionProjectStale", PROJECT), alert("RekognitionProjectNotPolled", PROJECT)]
    assert own == held_back(manager, source, *own, alert("RekognitionVersionFailed", VERSION))


def test_absent_monitor_holds_back_what_it_said(manager: Program) -> None:
    """Without a target, what was said through it is in doubt."""
    own = [alert("RekognitionVersionFailed", VERSION), alert("RekognitionMonitorThrottled", TARGET)]
    assert own == held_back(manager, alert("RekognitionMonitorAbsent", JOB), *own)


def test_nothing_is_held_back_without_a_cause(manager: Program) -> None:
    """Alerts of one project stand side by side."""
    firing = [
        alert("RekognitionVersionFailed", VERSION),
        alert("RekognitionVersionEnteredFailed", PROJECT | {"to": "FAILED"}),
        alert("RekognitionProjectManyVersionsRunning", PROJECT),
    ]
    assert [] == held_back(manager, *firing)
