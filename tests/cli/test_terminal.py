"""What is different when somebody looks: these run in a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import signal
import struct
import subprocess
import sys
from contextlib import ExitStack
from fcntl import ioctl
from termios import TIOCSWINSZ
from typing import TYPE_CHECKING

import pytest

from monitor.cli.poll import MANY
from monitor.simulator import Scenario, Simulator
from tests.builders import at, tracked, version
from tests.cli.state import change, open_store, store_events, store_versions, write_config
from tests.cli.terminal import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def _run_at_terminal(
    *args: str,
    columns: int = 100,
    typed: str = "",
    interrupted_after: str = "",
    env: Mapping[str, str] | None = None,
    code: int = 0,
) -> str:
    """What a terminal of that width is sent when this is typed, and it is interrupted once that is shown."""
    master, slave = pty.openpty()
    ioctl(slave, TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    unset = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE"}
    environ = {name: value for name, value in os.environ.items() if name not in unset}
    command = (sys.executable, "-m", "monitor", *args)
    where = {"PYTHONPATH": str(REPOSITORY), "TERM": "xterm-256color", **(env or {})}
    awaited = interrupted_after.encode()
    with (
        subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environ | where) as process,
        ExitStack() as failing,
    ):
        failing.callback(process.kill)
        os.close(slave)
        os.write(master, typed.encode())
        sent = b""
        while got := _read(master):
            sent += got
            if awaited and awaited in sent:
                process.send_signal(signal.SIGINT)
                awaited = b""
        assert process.wait() == (130 if interrupted_after else code)
    os.close(master)
    return sent.decode().replace("\r\n", "\n")


def _read(descriptor: int) -> bytes:
    """Nothing at the end: Linux says EIO when the last process has left a terminal."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def test_status_is_grouped_by_project(tmp_path: Path) -> None:
    """A heading and a table for each, within the terminal's width."""
    config = write_config(tmp_path)
    store_versions(tmp_path, tracked(version("v1", "RUNNING"), since=at()))
    lines = ESCAPE.sub("", _run_at_terminal("status", "--config", str(config))).splitlines()
    assert [line.split()[:4] for line in lines if line.split()[1:2] in (["us-east-1"], ["eu-west-1"], ["RUNNING"])] == [
        ["getting-started", "us-east-1", "111122223333", "1"],
        ["v1", "RUNNING", *_since(lines)],
        ["second", "eu-west-1", "111122223333", "0"],
    ]
    assert max(map(len, lines)) <= 100


def _since(lines: list[str]) -> list[str]:
    """The age, which grows while the test runs."""
    return next(line.split()[2:4] for line in lines if "RUNNING" in line)


def test_a_table_that_is_too_wide_is_folded(tmp_path: Path) -> None:
    """Its longest column takes more lines, and nothing of it is lost."""
    config = write_config(tmp_path)
    message = "The model cannot be started because of " + "capacity " * 10 + "that is not there."
    store_versions(tmp_path, tracked(version("v1", "FAILED", status_message=message), since=at()))
    shown = ESCAPE.sub("", _run_at_terminal("status", "--config", str(config), columns=80)).splitlines()
    first = next(number for number, line in enumerate(shown) if line.startswith("VERSION"))
    table = shown[first : shown.index("", first)]
    assert max(map(len, table)) <= 80
    assert message.split() == [word for line in table[1:] for word in line[shown[first].index("MESSAGE") :].split()]


def test_watching_draws_in_place_until_interrupted(tmp_path: Path) -> None:
    """On a screen of its own, as much as it has room for; Ctrl-C leaves the terminal as it was, and no traceback."""
    config = write_config(tmp_path)
    store_versions(tmp_path, *(tracked(version(f"v{number}", "RUNNING"), since=at()) for number in range(100)))
    sent = _run_at_terminal("status", "--watch", "--config", str(config), interrupted_after="v34 ")
    drawn = ESCAPE.sub("", sent)
    assert ("\x1b[?1049h" in sent, "\x1b[?1049l" in sent, "Traceback" in sent) == (True, True, False)
    assert "100 versions, the first 35 of them shown" in drawn
    assert ("v34 " in drawn, "v35 " in drawn) == (True, False)


def test_severities_and_statuses_have_colours(tmp_path: Path) -> None:
    """The word stands there too."""
    config = write_config(tmp_path)
    store_events(tmp_path, change(1, after="FAILED"))
    assert "\x1b[1;31mcritical" in _run_at_terminal("events", "--config", str(config))


def test_no_color_is_obeyed(tmp_path: Path) -> None:
    """https://no-color.org: no colour, whatever else."""
    config = write_config(tmp_path)
    store_events(tmp_path, change(1, after="FAILED"))
    sent = _run_at_terminal("events", "--config", str(config), env={"NO_COLOR": "1"})
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", sent)


def test_a_pipe_gets_no_colours(tmp_path: Path) -> None:
    """Not even when something in the environment forces them."""
    config = write_config(tmp_path)
    store_versions(tmp_path, tracked(version("v1", "RUNNING"), since=at()))
    command = (sys.executable, "-m", "monitor", "status", "--config", str(config))
    environ = os.environ | {"FORCE_COLOR": "1", "PYTHONPATH": str(REPOSITORY)}
    sent = subprocess.run(command, env=environ, capture_output=True, check=True).stdout
    assert b"\x1b" not in sent


def test_a_sweep_over_many_projects_shows_how_far_it_is(tmp_path: Path) -> None:
    """A bar on the terminal, gone before the table; the log is quiet, for the table says it."""
    scenario = Scenario.model_validate({"projects": [{"name": f"shop-{number}"} for number in range(MANY)]})
    with Simulator(scenario) as simulator:
        path = tmp_path / "monitor.yaml"
        projects = "".join(f"  - arn: {arn}\n" for arn in scenario.project_arns)
        path.write_text(
            f"aws: {{endpoint_url: '{simulator.url}', max_calls_per_second: 5}}\n"
            f"state: {{url: 'sqlite:///{tmp_path}/state.db'}}\nprojects:\n{projects}",
            encoding="utf-8",
        )
        access = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}
        sent = ESCAPE.sub("", _run_at_terminal("poll", "--config", str(path), env=access))
    lines = sent.splitlines()
    assert ("Polling" in sent, "poll.completed" in sent, len([line for line in lines if " ok " in line])) == (
        True,
        False,
        MANY,
    )


@pytest.mark.parametrize(("typed", "state", "code"), [("n\n", "pending", 1), ("y\n", "dead", 0)])
def test_giving_deliveries_up_has_to_be_confirmed(tmp_path: Path, typed: str, state: str, code: int) -> None:
    """Whoever types is asked, once; what was asked for and not done is exit code 1."""
    store_events(tmp_path, change(1), sinks=("ops",))
    config = str(write_config(tmp_path))
    sent = _run_at_terminal("outbox", "discard", "--all", "--config", config, typed=typed, code=code)
    with open_store(tmp_path) as store:
        states = [str(delivery.state) for delivery in store.outbox()]
    assert ("Give these deliveries up? [y/N]" in sent, states) == (True, [state])
