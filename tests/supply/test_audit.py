from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.supply.audit import CLEAN, HOLES, UNKNOWN, judge
from tests.supply.sbom import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CLICK: dict[str, Any] = {"name": "click", "version": "8.5.1", "vulns": []}
URLLIB3: dict[str, Any] = {
    "name": "urllib3",
    "version": "2.8.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.8.1"]}, {"id": "PYSEC-2026-2", "fix_versions": []}],
}
BOTO3: dict[str, Any] = {"name": "boto3", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def _judged(*packages: dict[str, Any]) -> tuple[int, list[str]]:
    return judge(json.dumps({"dependencies": packages, "fixes": []}), "No known vulnerabilities found")


def test_no_hole_is_good_news() -> None:
    """With how many were looked up."""
    assert (CLEAN, ["audited: 1 packages, none has a known hole"]) == _judged(CLICK)


def test_a_hole_is_told_with_its_remedy() -> None:
    """One line each."""
    lines = ["urllib3 2.8.0: PYSEC-2026-1, fixed in 2.8.1", "urllib3 2.8.0: PYSEC-2026-2, fixed in no version yet"]
    assert (HOLES, lines) == _judged(CLICK, URLLIB3)


def test_packages_that_are_not_known_are_not_clean() -> None:
    """pip-audit itself ends with 0 then."""
    line = "not audited: the database answers, but does not know 1 of 2: boto3"
    assert (UNKNOWN, [line]) == _judged(CLICK, BOTO3)
    assert HOLES == _judged(URLLIB3, BOTO3)[0]


def test_a_database_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    """With pip-audit's own last words, and an exit code of its own."""
    requirements = tmp_path / "run.txt"
    requirements.write_text("click==8.5.1 --hash=sha256:" + "0" * 64)
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:1")
    command = [sys.executable, "-m", "tests.supply.audit", str(requirements)]
    environment = {**nowhere, "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    told = "not audited: the database cannot be reached; pip-audit said: "
    assert (UNKNOWN, "", True) == (ran.returncode, ran.stdout, ran.stderr.startswith(told))
