"""What the recording rules make of a small fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.deploy.case import PROJECT, VERSION, series
from tests.deploy.known import strangers
from tests.deploy.promtool import promtool_test
from tests.deploy.rules import RULE_FILES, records
from tests.deploy.series import World, as_text, failed_scrape, growing, samples

if TYPE_CHECKING:
    from pathlib import Path

LASTS: Final = 130
"""Minutes."""

OTHER: Final = VERSION | {"version": "prod.1"}
IDLE: Final = PROJECT | {"project": "idle"}
MOVES: Final = "rekognition_project_version_transitions_total"


def steady(name: str, labels: dict[str, str], value: float, **more: str) -> World:
    """A series that does not change."""
    return {series(name, labels, **more): samples((value, LASTS))}


def fleet() -> World:
    """Two versions that are RUNNING since minute 10: one has 2 to 4 units, of the other AWS tells none.

    They are seen half a minute later, so that minute 70 is the sixtieth evaluation of the costs.
    """
    status, since = "rekognition_project_version_status", "rekognition_project_version_status_since_timestamp_seconds"
    world = steady("rekognition_project_version_min_inference_units", VERSION, 2)
    world |= steady("rekognition_project_version_max_inference_units", VERSION, 4)
    for labels in (VERSION, OTHER):
        world[series(status, labels, status="RUNNING")] = samples((0, 10.5), (1, LASTS - 10.5))
        world[series(status, labels, status="STOPPED")] = samples((1, 10.5), (0, LASTS - 10.5))
        world[series(since, labels)] = samples((0, 10.5), (600, LASTS - 10.5))
    world |= steady(MOVES, PROJECT, 5, from_="TRAINING_IN_PROGRESS", to="TRAINING_COMPLETED")
    world |= steady(MOVES, PROJECT, 1, from_="TRAINING_IN_PROGRESS", to="STARTING")
    world |= steady(MOVES, PROJECT, 2, from_="TRAINING_IN_PROGRESS", to="TRAINING_FAILED")
    world |= steady(MOVES, PROJECT, 9, from_="STOPPED", to="STARTING")
    for project in (PROJECT, IDLE):
        world[series("rekognition_project_polls_total", project)] = growing(LASTS)
    return world


AN_HOUR_LATER: Final[dict[str, list[tuple[dict[str, str], float]]]] = {
    "project_status:rekognition_project_versions:sum": [
        (PROJECT | {"status": "RUNNING"}, 2),
        (PROJECT | {"status": "STOPPED"}, 0),
    ],
    "version_status:rekognition_time_in_status_seconds:current": [
        (VERSION | {"status": "RUNNING"}, 3600),
        (OTHER | {"status": "RUNNING"}, 3600),
    ],
    "project:rekognition_trainings_succeeded:sum": [(PROJECT, 6)],
    "project:rekognition_trainings_failed:sum": [(PROJECT, 2)],
    "project:rekognition_training_success:ratio": [(PROJECT, 0.75)],
    "version:rekognition_running_inference_units:min": [(VERSION, 2), (OTHER, 1)],
    "version:rekognition_running_inference_units:max": [(VERSION, 4), (OTHER, 1)],
    "project:rekognition_running_inference_units:min": [(PROJECT, 3), (IDLE, 0)],
    "project:rekognition_running_inference_units:max": [(PROJECT, 5), (IDLE, 0)],
    "project:rekognition_running_cost_per_hour:min": [(PROJECT, 12), (IDLE, 0)],
    "project:rekognition_running_cost_per_hour:max": [(PROJECT, 20), (IDLE, 0)],
    "version:rekognition_running_hours:current": [(VERSION, 1), (OTHER, 1)],
    "version:rekognition_running_cost:current": [(VERSION, 8), (OTHER, 4)],
    "project:rekognition_inference_unit_hours_min:sum1d": [(PROJECT, 3), (IDLE, 0)],
    "project:rekognition_inference_unit_hours_max:sum1d": [(PROJECT, 5), (IDLE, 0)],
    "project:rekognition_cost_min:sum1d": [(PROJECT, 12), (IDLE, 0)],
    "project:rekognition_cost_max:sum1d": [(PROJECT, 20), (IDLE, 0)],
}
"""What each record is in minute 70."""


def test_records_are_what_they_say(tmp_path: Path) -> None:
    """Each record, an hour after two models became RUNNING; also when the scrape of that moment fails."""
    worlds = [fleet(), failed_scrape(fleet(), 70)]
    document = {
        "rule_files": [str(path) for path in RULE_FILES],
        "evaluation_interval": "1m",  # promtool knows no intervals of groups; this is the one of the costs
        "tests": [_test(world) for world in worlds],
    }
    assert "" == promtool_test(document, tmp_path)


def test_every_record_is_tested() -> None:
    """Each but the settings."""
    assert list(AN_HOUR_LATER) == [rule.name for rule in records() if not rule.name.startswith("rekognition:")]


@pytest.mark.parametrize("named", sorted(fleet()))
def test_fleet_is_made_of_what_the_monitor_exposes(named: str) -> None:
    """Each series has a metric and labels of the golden exposition."""
    assert [] == strangers(named)


def _test(world: World) -> dict[str, Any]:
    return {
        "interval": "30s",
        "input_series": [{"series": name, "values": as_text(values)} for name, values in world.items()],
        "promql_expr_test": [
            {
                "expr": name,
                "eval_time": "70m",
                "exp_samples": [{"labels": series(name, labels), "value": value} for labels, value in expected],
            }
            for name, expected in AN_HOUR_LATER.items()
        ],
    }
