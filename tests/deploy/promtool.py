"""Prometheus's own tester of rules."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any, Final

from tests.tools import required_tool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_THRIFT: Final = {"GOGC": "400", "GOMAXPROCS": "1"}
"""Go's garbage is collected less often and beside nothing: a third less CPU for a process of 0.3 seconds."""


def write_yaml(path: Path, document: Mapping[str, Any]) -> Path:
    """*path*, with the document written there."""
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")  # JSON is YAML, and sooner written
    return path


def promtool_test(document: Mapping[str, Any], directory: Path) -> str:
    """What `promtool test rules` finds wrong; nothing where all is as expected."""
    path = write_yaml(directory / "test.yml", document)
    command: list[str | Path] = [required_tool("promtool"), "test", "rules", path]
    done = subprocess.run(command, env=os.environ | _THRIFT, capture_output=True, text=True, check=False, timeout=60)
    return "" if done.returncode == 0 else done.stdout + done.stderr
