"""The file for the Prometheus operator says what the others say."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from tests.deploy.operator_schema import PrometheusRule, ServiceMonitor
from tests.deploy.prometheus_operator import render_operator
from tests.deploy.rules import PROMETHEUS, RULE_FILES, RUNBOOKS, alerts, groups

if TYPE_CHECKING:
    from pathlib import Path

RESOURCES: TypeAdapter[list[PrometheusRule | ServiceMonitor]] = TypeAdapter(list[PrometheusRule | ServiceMonitor])


def documents(text: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(text))


def test_shipped_file_is_current() -> None:
    """operator.yaml is what the rules and the scrape say; `make docs` writes it again."""
    assert render_operator() == (PROMETHEUS / "operator.yaml").read_text(encoding="utf-8")


def test_rules_are_those_that_prometheus_reads() -> None:
    """One PrometheusRule for each file, with its groups."""
    shipped = [(each["metadata"]["name"], each["spec"]) for each in documents(render_operator())[:-1]]
    assert [(path.stem, {"groups": groups(path)}) for path in RULE_FILES] == shipped


def test_scraped_as_the_job_that_the_alerts_look_for() -> None:
    """The job is named by the label that the Service is found by, which is the job of prometheus.yml."""
    spec = documents(render_operator())[-1]["spec"]
    [job] = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert job["job_name"] == spec["selector"]["matchLabels"][spec["jobLabel"]]


def test_runbooks_can_be_elsewhere() -> None:
    """Every link begins with the address that was asked for."""
    text = render_operator("https://wiki.example.org/runbooks")
    assert (0, len(alerts())) == (text.count(RUNBOOKS), text.count("https://wiki.example.org/runbooks/"))


def test_the_operator_would_take_it() -> None:
    """Every field is one that the resources have, and nothing that they require is missing."""
    kinds = [each.kind for each in RESOURCES.validate_python(documents(render_operator()))]
    assert ["PrometheusRule"] * len(RULE_FILES) + ["ServiceMonitor"] == kinds


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("apiVersion: monitoring.coreos.com/v1\n", "apiVersion: monitoring.coreos.com/v1alpha1\n"),
        ("kind: PrometheusRule\n", "kind: PrometheusRules\n"),
        ("  name: rekognition-alerts\n", "  name: rekognition_alerts\n"),
        ("  - name: rekognition-version-alerts\n", "  - title: rekognition-version-alerts\n"),
        ("      for: ", "      hold: "),
        ("        severity: critical\n", "        severity: 1\n"),
        ("    - alert: RekognitionVersionFailed\n", "    - alert: RekognitionVersionFailed\n      record: a\n"),
        ("interval: 30s\n", "interval: half a minute\n"),
        ("  selector:\n", "  select:\n"),
    ],
)
def test_what_the_operator_would_not_take_is_found(good: str, bad: str) -> None:
    """The description of the resources is not so wide that anything fits it."""
    text = render_operator()
    assert good in text
    with pytest.raises(ValidationError):
        RESOURCES.validate_python(documents(text.replace(good, bad, 1)))


def test_runbooks_are_elsewhere_after_the_command_of_the_page(tmp_path: Path) -> None:
    """The one that the README gives leaves no example behind, in any file."""
    shutil.copytree(PROMETHEUS, tmp_path, dirs_exist_ok=True)
    [command] = re.findall(r"^ +(sed -i .+)$", (tmp_path / "README.md").read_text("utf-8"), re.MULTILINE)
    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True)
    changed = [
        path.read_text("utf-8") for path in (*sorted((tmp_path / "rules").iterdir()), tmp_path / "operator.yaml")
    ]
    assert (0, 2 * len(alerts())) == (
        sum(text.count(RUNBOOKS) for text in changed),
        sum(text.count("https://wiki.example.org/runbooks/Rekognition") for text in changed),
    )
