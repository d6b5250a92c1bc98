"""The file for the Prometheus operator says what the others say."""

from __future__ import annotations

from typing import Any

import yaml

from tests.deploy.prometheus_operator import render_operator
from tests.deploy.rules import PROMETHEUS, RULE_FILES, RUNBOOKS, alerts, groups


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
