"""Every alert, held by promtool against worlds in which it fires and in which it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from tests.deploy.known import strangers
from tests.deploy.monitor_cases import MONITOR_CASES
from tests.deploy.promtool import promtool_test, write_yaml
from tests.deploy.rules import SETTINGS, alerts, alone
from tests.deploy.version_cases import VERSION_CASES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deploy.case import Case

CASES: Final = (*VERSION_CASES, *MONITOR_CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.alert)
def test_alert_fires_when_it_should_and_only_then(case: Case, tmp_path: Path) -> None:
    """It fires, stays quiet, and neither a failed scrape nor a restart of the monitor makes a difference."""
    rule = write_yaml(tmp_path / "rule.yml", alone(case.alert))
    assert "" == promtool_test(case.document([SETTINGS, rule]), tmp_path)


def test_missing_setting_is_told(tmp_path: Path) -> None:
    """Without any one line of the settings there is an alert; with all of them there is none."""
    rule = write_yaml(tmp_path / "rule.yml", alone("RekognitionSettingsMissing"))
    [group] = yaml.safe_load(SETTINGS.read_text(encoding="utf-8"))["groups"]
    needed = [entry for entry in group["rules"] if entry["record"] != "rekognition:running_expected:versions"]
    told = []
    for missing in [None, *needed]:
        rest = [entry for entry in group["rules"] if entry is not missing]
        settings = write_yaml(tmp_path / "settings.yml", {"groups": [{**group, "rules": rest}]})
        told.append(promtool_test(_settings_test([settings, rule], firing=missing is not None), tmp_path))
    assert [""] * (len(needed) + 1) == told


def test_every_alert_is_tested() -> None:
    """Each alert has a case; the one about the settings, which needs other files, has its own test."""
    tested = {case.alert for case in CASES} | {"RekognitionSettingsMissing"}
    assert sorted(tested) == sorted(rule.name for rule in alerts())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.alert)
def test_worlds_are_made_of_what_the_monitor_exposes(case: Case) -> None:
    """Each series of a case has a metric and labels of the golden exposition."""
    assert [] == [stranger for series in (*case.fires, *case.quiet) for stranger in strangers(series)]


def _settings_test(rule_files: list[Path], *, firing: bool) -> dict[str, Any]:
    rule = next(rule for rule in alerts() if rule.name == "RekognitionSettingsMissing")
    expected = [{"exp_labels": dict(rule.labels), "exp_annotations": dict(rule.annotations)}] if firing else []
    return {
        "rule_files": [str(path) for path in rule_files],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [],
                "alert_rule_test": [
                    {"eval_time": "9m", "alertname": rule.name, "exp_alerts": []},
                    {"eval_time": "10m", "alertname": rule.name, "exp_alerts": expected},
                ],
            }
        ],
    }
