"""What an alert must do besides firing and staying quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.deploy.case import PROJECT, TARGET, VERSION, series
from tests.deploy.promtool import promtool_test, write_yaml
from tests.deploy.rules import SETTINGS, alone, groups
from tests.deploy.series import World, as_text, failed_scrape, samples
from tests.deploy.version_cases import status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOVES: Final = "rekognition_project_version_transitions_total"
FAILURES: Final = series(MOVES, PROJECT, from_="RUNNING", to="FAILED")
DAY: Final = 24 * 60


def verdict(alert: str, world: World, minutes: Mapping[float, int], directory: Path, settings: Path = SETTINGS) -> str:
    """What promtool finds wrong when that many alerts of the name are expected in each of these minutes."""
    rule = write_yaml(directory / "rule.yml", alone(alert))
    document = {
        "rule_files": [str(settings), str(rule)],
        "evaluation_interval": "30s",
        "tests": [
            {
                "interval": "30s",
                "input_series": [{"series": name, "values": as_text(values)} for name, values in world.items()],
                "promql_expr_test": [_count(alert, minute, count) for minute, count in minutes.items()],
            }
        ],
    }
    return promtool_test(document, directory)


def _count(alert: str, minute: float, count: int) -> dict[str, Any]:
    return {
        "expr": f'count(ALERTS{{alertname="{alert}",alertstate="firing"}}) or vector(0)',
        "eval_time": f"{round(minute * 60)}s",
        "exp_samples": [{"labels": "{}", "value": count}],
    }


def test_change_while_prometheus_was_away_is_told(tmp_path: Path) -> None:
    """FAILED and back within the five hours for which Prometheus was away: told when it is back, for 15 minutes."""
    world = {FAILURES: samples((3, 30), (None, 300), (4, 60))}
    told = {30.0: 0, 330.0: 1, 344.0: 1, 346.0: 0}
    assert "" == verdict("RekognitionVersionEnteredFailed", world, told, tmp_path)


def test_change_while_the_monitor_was_away_is_told(tmp_path: Path) -> None:
    """The monitor was down for ten minutes and finds a version FAILED that was RUNNING."""
    world = {FAILURES: samples((0, 30), (None, 10), (1, 30))}
    assert "" == verdict("RekognitionVersionEnteredFailed", world, {29: 0, 41: 1, 60: 0}, tmp_path)


def test_project_that_is_new_to_prometheus_tells_no_changes(tmp_path: Path) -> None:
    """What was counted before Prometheus's first look is no news."""
    world = {FAILURES: samples((None, 30), (7, 60))}
    assert "" == verdict("RekognitionVersionEnteredFailed", world, {31: 0, 50: 0, 80: 0}, tmp_path)


def test_disappearance_while_prometheus_was_away_is_told(tmp_path: Path) -> None:
    """A version went that was RUNNING while Prometheus was away for two hours."""
    kind = {"type": "rekognition.project_version.disappeared", "severity": "critical"}
    world = {series("rekognition_monitor_events_total", TARGET | kind): samples((0, 30), (None, 120), (1, 60))}
    assert "" == verdict("RekognitionVersionDisappearedRunning", world, {30: 0, 150: 1, 180: 0}, tmp_path)


def test_alert_ends_when_the_version_recovers(tmp_path: Path) -> None:
    """FAILED, then STARTING: over with the next evaluation."""
    world = status("FAILED", (0, 10), (1, 10), (0, 10))
    assert "" == verdict("RekognitionVersionFailed", world, {19.5: 1, 20: 0}, tmp_path)


@pytest.mark.parametrize("word", ["TRAINING_FAILED", "COPYING_FAILED"])
def test_old_failure_is_no_news(word: str, tmp_path: Path) -> None:
    """A version that failed a day ago raises nothing any more, though it has the status for ever."""
    alert = {"TRAINING_FAILED": "RekognitionVersionTrainingFailed", "COPYING_FAILED": "RekognitionVersionCopyingFailed"}
    world = status(word, (1, 30), since=10 - DAY)
    assert "" == verdict(alert[word], world, {9.5: 1, 10: 0, 20: 0}, tmp_path)


def test_version_that_is_expected_to_run_may_run(tmp_path: Path) -> None:
    """One that the settings name may be RUNNING for a week; another of the project may not."""
    [group] = groups(SETTINGS)
    expected = {
        "record": "rekognition:running_expected:versions",
        "expr": 'rekognition_project_version_info{project="shelves",version=~"prod.*"}',
    }
    rules = [expected if rule["record"] == expected["record"] else rule for rule in group["rules"]]
    settings = write_yaml(tmp_path / "settings.yml", {"groups": [{**group, "rules": rules}]})
    world: World = {}
    for name in ("prod.2", "trial.1"):
        world |= status("RUNNING", (1, 20), since=-7 * DAY, version=name)
        info = {"version": name, "feature": "CUSTOM_LABELS"}
        world[series("rekognition_project_version_info", VERSION | info)] = samples((1, 20))
    told = {5.0: 1, 15.0: 1}
    assert "" == verdict("RekognitionVersionRunningTooLong", world, told, tmp_path, settings)


def test_limit_of_infinity_switches_an_alert_off(tmp_path: Path) -> None:
    """With +Inf nothing takes too long."""
    [group] = groups(SETTINGS)
    rules = [{**rule, "expr": "vector(+Inf)"} if "seconds:limit" in rule["record"] else rule for rule in group["rules"]]
    settings = write_yaml(tmp_path / "settings.yml", {"groups": [{**group, "rules": rules}]})
    world = status("STARTING", (1, 20), since=-7 * DAY)
    assert "" == verdict("RekognitionVersionStartingTooLong", world, {5: 0, 15: 0}, tmp_path, settings)


@pytest.mark.parametrize("project_too", [True, False])
def test_version_that_is_not_shown_any_more_is_not_gone(tmp_path: Path, *, project_too: bool) -> None:
    """A project that is taken out of the configuration, or a monitor that is down, raises no such alert."""
    world = {
        series("rekognition_project_version_status", VERSION, status="RUNNING"): samples((1, 30)),
        series("rekognition_project_version_info", VERSION, version_arn="a"): samples((1, 30)),
        series("rekognition_project_up", PROJECT): samples((1, 30)),
    }
    if project_too:
        world = {name: (*values[:20], *samples((None, 20))) for name, values in world.items()}
    else:
        for minute in range(10, 20):
            world = failed_scrape(failed_scrape(world, minute), minute + 0.5)
    told = dict.fromkeys([float(minute) for minute in range(10, 30)], 0)
    assert "" == verdict("RekognitionVersionGoneWhileRunning", world, told, tmp_path)
