"""Runs commands as a shell would, in this process or in one of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.testing import CliRunner

from monitor.cli.main import main
from monitor.cli.root import root
from tests.builders import T0

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

REPOSITORY: Final = Path(__file__).parents[2]
DEADLINE: Final = 60.0
"""Seconds that a process may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command left: its exit code, stdout, stderr."""

    code: int
    out: str
    err: str


def run_here(*args: str, env: Mapping[str, str | None] | None = None, now: datetime = T0) -> Ran:
    """Run `rekognition-monitor ARGS` in this process at the time *now*, its output going into pipes."""
    runner = CliRunner(env={"REKOGNITION_MONITOR_CONFIG": None})
    with runner.isolation(env=env) as (out, err, _):
        code = main(args, clock=lambda: now)
        return Ran(code=code, out=out.getvalue().decode(), err=err.getvalue().decode())


def parsed(name: str, *args: str) -> dict[str, object]:
    """What the command makes of its arguments, which nothing is done with.

    Below the program, as when it is run: a command keeps the names of `--help` that its first context has.
    """
    above = click.Context(root, **root.context_settings)
    with root.commands[name].make_context(name, list(args), parent=above) as context:
        return context.params


def start(*args: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start `python -m monitor ARGS`, its output going into pipes."""
    return subprocess.Popen(
        (sys.executable, "-m", "monitor", *args),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **(env or {})},
    )


def run_process(*args: str, env: Mapping[str, str] | None = None) -> Ran:
    """Run `python -m monitor ARGS` to its end."""
    with start(*args, env=env) as process:
        out, err = process.communicate(timeout=DEADLINE)
    return Ran(code=process.returncode, out=out, err=err)
