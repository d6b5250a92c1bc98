"""How long the commands take, from the start of their process to its end, beside a Python that does nothing.

The database holds full versions, as AWS's published answer has them, ten a project. At a terminal means a
pseudo-terminal of 120 columns, read as fast as it is written to. All commands take turns, so that a machine that is
busy for a while is busy for all.
"""

from __future__ import annotations

import os
import pty
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ
from typing import TYPE_CHECKING, Final

from monitor.aws.parsing import parse_version
from monitor.domain.commit import Addressed, Commit
from monitor.domain.events import Window, appeared
from monitor.domain.project import parse_project
from monitor.domain.snapshot import Snapshot, Tracked
from monitor.store import Store
from tests.aws_examples import wire_entry
from tests.benchmarks.figures import Figure
from tests.builders import at, project_arn, version_arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = Path(__file__).parents[2]
PEER: Final = "a Python that does nothing"
HELP_GOAL: Final = 300.0
STATUS_GOAL: Final = 1000.0
"""Milliseconds."""
VERSIONS: Final = 10
"""Of each project."""
_COLUMNS: Final = 120
_GONE_BY: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One to be measured; *goal* in milliseconds, None where there is none."""

    what: str
    arguments: tuple[str, ...]
    at_terminal: bool = False
    goal: float | None = None


def measure(*, projects: int = 100, rounds: int = 12) -> list[Figure]:
    """Each command's median; the first of several rounds, which fills the caches, does not count."""
    with tempfile.TemporaryDirectory(prefix="commands-") as directory:
        commands = _commands(_prepare(Path(directory), projects), f"{projects * VERSIONS:,} versions")
        turns = [(_timed(("-c", "pass")), *map(_took, commands)) for _ in range(rounds)]
    bare, *each = zip(*(turns[1:] or turns), strict=True)
    return [_figure(command, mine, bare) for command, mine in zip(commands, each, strict=True)]


def _commands(config: Path, fleet: str) -> Sequence[Command]:
    known = ("--config", str(config))
    one = version_arn("v3", of=project_arn("project-0"))
    return (
        Command(what="--help", arguments=("--help",), goal=HELP_GOAL),
        Command(what="--version", arguments=("--version",), goal=HELP_GOAL),
        Command(what="check-config", arguments=("check-config", str(config))),
        Command(what=f"status, {fleet}, in a pipe", arguments=("status", *known), goal=STATUS_GOAL),
        Command(
            what=f"status, {fleet}, at a terminal", arguments=("status", *known), at_terminal=True, goal=STATUS_GOAL
        ),
        Command(what=f"status VERSION, {fleet}", arguments=("status", one, *known)),
        Command(what="events", arguments=("events", *known)),
    )


def _prepare(directory: Path, projects: int) -> Path:
    """The configuration of a database that holds so many projects, each with its baseline and an event."""
    url = f"sqlite:///{directory}/state.db"
    arns = [project_arn(f"project-{number}") for number in range(projects)]
    store = Store.open(url, clock=at)
    for arn in arns:
        store.commit(_baseline(arn))
    store.close()
    config = directory / "monitor.yaml"
    config.write_text(f"state: {{url: '{url}'}}\nprojects:\n" + "".join(f"  - arn: {arn}\n" for arn in arns))
    return config


def _baseline(arn: str) -> Commit:
    project = parse_project(arn)
    entries = [wire_entry(ProjectVersionArn=version_arn(f"v{number}", of=arn)) for number in range(VERSIONS)]
    tracked = [Tracked(version=parse_version(each), status_since=at(), at_least=True) for each in entries]
    versions = {each.version.arn: each for each in tracked}
    told = appeared(project, tracked[0], Window(after=at(), by=at()))
    return Commit(
        project=project,
        at=at(),
        after=Snapshot(project_arn=arn, revision=1, seen_at=at(), versions=versions),
        events=(Addressed(event=told, sinks=()),),
    )


def _took(command: Command) -> float:
    return _timed(("-m", "monitor", *command.arguments), at_terminal=command.at_terminal)


def _timed(arguments: Sequence[str], *, at_terminal: bool = False) -> float:
    """The milliseconds that Python takes with these *arguments*."""
    began = time.perf_counter()
    if at_terminal:
        _show((sys.executable, *arguments))
    else:
        subprocess.run((sys.executable, *arguments), cwd=ROOT, capture_output=True, check=True, timeout=_GONE_BY)
    return 1000 * (time.perf_counter() - began)


def _show(command: Sequence[str]) -> None:
    """Run it at a terminal, and read all that it writes."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 40, _COLUMNS, 0, 0))
    environ = {**os.environ, "TERM": "xterm-256color"}
    with subprocess.Popen(command, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, env=environ) as process:
        os.close(theirs)
        for _ in _written(ours):
            pass
    os.close(ours)
    assert process.returncode == 0


def _written(terminal: int) -> Iterator[bytes]:
    """Linux says EIO when the last process has left it."""
    try:
        while got := os.read(terminal, 65536):
            yield got
    except OSError:
        return


def _figure(command: Command, took: Sequence[float], bare: Sequence[float]) -> Figure:
    ours, nothing = statistics.median(took), statistics.median(bare)
    if command.goal is None:
        return Figure(what=f"{command.what}, against {PEER}", ours=ours, peer=nothing, unit="ms", ratio=ours / nothing)
    what = f"{command.what}, against {command.goal / 1000:g} s"
    return Figure(what=what, ours=ours, peer=command.goal, unit="ms", ratio=ours / command.goal, goal=1.0)
