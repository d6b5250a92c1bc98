"""Prometheus's own tester of rules."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import yaml

from tests.tools import required_tool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_yaml(path: Path, document: Mapping[str, Any]) -> Path:
    """*path*, with the document written there."""
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


def promtool_test(document: Mapping[str, Any], directory: Path) -> str:
    """What `promtool test rules` finds wrong; nothing where all is as expected."""
    path = write_yaml(directory / "test.yml", document)
    done = subprocess.run(
        [required_tool("promtool"), "test", "rules", path], capture_output=True, text=True, check=False, timeout=60
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr
