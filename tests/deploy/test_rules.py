"""What every rule must be, whatever it is about."""

from __future__ import annotations

import re
import subprocess
from typing import Final

import pytest
import yaml

from tests.deploy.known import exposed, strangers
from tests.deploy.promql import grouping_labels, selectors
from tests.deploy.rules import ROOT, RULE_FILES, RUNBOOKS, Rule, alerts, groups, records, rules
from tests.tools import required_tool

RUNBOOK_FILES: Final = {path.name for path in (ROOT / "docs" / "runbooks").glob("*.md")}
NAMED: Final = [f"{number:02} {rule.name}" for number, rule in enumerate(rules())]


def test_promtool_accepts_every_file() -> None:
    """`promtool check rules` finds nothing wrong, no duplicates either."""
    command = [required_tool("promtool"), "check", "rules", "--lint=all", "--lint-fatal", *map(str, RULE_FILES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("rule", rules(), ids=NAMED)
def test_rule_names_only_what_there_is(rule: Rule) -> None:
    """Every metric, label and status in the expression is in the golden exposition or is recorded by another rule."""
    assert [] == strangers(rule.expression)


@pytest.mark.parametrize(
    "expression",
    [
        "last_over_time(rekognition_project_version_statuss[5m]) == 1",
        'rekognition_project_version_status{state="FAILED"} == 1',
        'rekognition_project_version_status{status="FAILLED"} == 1',
        'rekognition_project_version_transitions_total{to!~"TRAINING_FAILED|DELETED"}',
        "sum by (acount) (rekognition_project_up)",
        'rekognition:time_in_status_seconds:limit{status="STOPPED"}',
        "rekognition:time_in_status:limit",
    ],
)
def test_typing_error_is_found(expression: str) -> None:
    """A metric, label or value that is not there is a stranger."""
    assert 1 == len(strangers(expression))


def test_scanner_reads_an_expression_of_everything() -> None:
    """Functions, words, durations and strings are not taken for metrics."""
    expression = 'sum without (a) (rate(m{x="y z",b=~"c|d"}[5m] offset 1h)) > on (e) group_left () scalar(n:o:p) and q'
    assert (["m", "n:o:p", "q"], {"a", "e"}) == (
        [each.metric for each in selectors(expression)],
        grouping_labels(expression),
    )


def test_gauges_are_bridged() -> None:
    """No alert reads a scraped series at one moment: a scrape that fails would begin its `for` anew."""
    instant = re.compile(r"(\w+)(?:\{[^}]*\})?(?!\w|\{|\[|\()")
    bare = {
        (rule.name, name)
        for rule in alerts()
        for name in instant.findall(re.sub(r"\[[^\]]*\]", "[", rule.expression))
        if name in exposed()
    }
    assert set() == bare


def test_records_are_named_by_level_metric_and_operation() -> None:
    """Three parts with colons between, the middle one about Rekognition or a setting of ours."""
    assert [] == [rule.name for rule in records() if not re.fullmatch(r"[a-z_]+:[a-z_]+:[a-z0-9_]+", rule.name)]


def test_alerts_are_named_alike() -> None:
    """CamelCase with one prefix, each name once."""
    names = [rule.name for rule in alerts()]
    assert names == [name for name in dict.fromkeys(names) if re.fullmatch(r"Rekognition(?:[A-Z][a-z]+)+", name)]


def test_groups_have_names_of_their_own() -> None:
    """No two, in whichever file: they may be put into one."""
    names = [group["name"] for group in groups()]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule.name)
def test_alert_says_what_people_need(rule: Rule) -> None:
    """A severity that is used everywhere, a fixed summary, a description, and a runbook that exists."""
    assert {"severity"} == set(rule.labels)
    assert rule.labels["severity"] in {"critical", "warning", "info"}
    assert ["summary", "description", "runbook_url"] == list(rule.annotations)
    assert re.fullmatch(r"[A-Z][^{}]*\.", rule.annotations["summary"])
    assert rule.annotations["runbook_url"] == f"{RUNBOOKS}/{rule.runbook}"
    assert rule.runbook in RUNBOOK_FILES


def test_every_runbook_has_an_alert() -> None:
    """No runbook is left over."""
    assert {rule.runbook for rule in alerts()} | {"README.md"} == RUNBOOK_FILES | {"README.md"}


def test_hours_are_counted_in_the_minutes_of_their_group() -> None:
    """The rules that divide a sum of samples by 60 are evaluated once a minute."""
    counting = [group for group in groups() if any("sum_over_time" in rule["expr"] for rule in group["rules"])]
    assert [("rekognition-costs", "1m")] == [(group["name"], group["interval"]) for group in counting]


def test_configurations_load_every_file() -> None:
    """The pattern of both shipped configurations finds all rule files."""
    for name in ("prometheus.yml", "prometheus-tls.yml"):
        pattern = yaml.safe_load((ROOT / "deploy" / "prometheus" / name).read_text("utf-8"))["rule_files"]
        assert sorted(RULE_FILES) == sorted(
            path for each in pattern for path in (ROOT / "deploy/prometheus").glob(each)
        )
