"""The shipped configurations, held by Prometheus's and Alertmanager's own tools."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from tests.deploy.rules import PROMETHEUS, ROOT, alerts
from tests.tools import required_tool

if TYPE_CHECKING:
    from pathlib import Path

PROJECT: Final = ("job=rekognition-monitor", "aws_account_id=1", "aws_region=us-east-1", "project=shelves")


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The tool, finished."""
    command = [required_tool(tool), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def parsed(name: str) -> Any:
    """One of the configurations."""
    return yaml.safe_load((PROMETHEUS / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["prometheus.yml", "prometheus-tls.yml"])
def test_promtool_accepts_the_configuration(name: str, tmp_path: Path) -> None:
    """`promtool check config` finds nothing wrong, with the files that TLS needs beside it."""
    shutil.copytree(PROMETHEUS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "tls").mkdir()
    for needed in ("ca.crt", "password"):
        (tmp_path / "tls" / needed).write_text("", encoding="utf-8")
    done = run("promtool", "check", "config", str(tmp_path / name))
    assert (0, "") == (done.returncode, done.stderr)


def test_both_scrapes_differ_only_in_how_the_monitor_is_reached() -> None:
    """With TLS or without: the same job, rules and intervals."""
    plain, secure = parsed("prometheus.yml"), parsed("prometheus-tls.yml")
    [job], [tls_job] = plain.pop("scrape_configs"), secure.pop("scrape_configs")
    assert plain == secure
    assert job["job_name"] == tls_job["job_name"]
    assert {"scheme", "tls_config", "basic_auth"} == tls_job.keys() - job.keys()


def test_scraped_port_is_the_monitors_own() -> None:
    """127.0.0.1:10417, as in the example configuration of the monitor."""
    [job] = parsed("prometheus.yml")["scrape_configs"]
    listen = yaml.safe_load((ROOT / "config" / "monitor.yaml").read_text(encoding="utf-8"))["web"]["listen"]
    assert [{"targets": [listen]}] == job["static_configs"]


def test_amtool_accepts_the_route() -> None:
    """`amtool check-config` finds nothing wrong."""
    done = run("amtool", "check-config", str(PROMETHEUS / "alertmanager.yml"))
    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("alert", [rule.name for rule in alerts()])
def test_every_alert_has_a_receiver(alert: str) -> None:
    """Each alert goes to the one receiver, so that a project has one message."""
    arguments = ("config", "routes", "test", f"--config.file={PROMETHEUS / 'alertmanager.yml'}")
    done = run("amtool", *arguments, "--verify.receivers=rekognition", f"alertname={alert}", *PROJECT)
    assert (0, "rekognition") == (done.returncode, done.stdout.strip()), done.stderr


def test_inhibitions_name_alerts_that_there_are() -> None:
    """Each source is an alert, and each target pattern fits some."""
    names = {rule.name for rule in alerts()}
    sources = [matcher for rule in parsed("alertmanager.yml")["inhibit_rules"] for matcher in rule["source_matchers"]]
    assert [] == [matcher for matcher in sources if matcher.partition("=")[2].strip('"') not in names]
