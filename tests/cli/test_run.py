from __future__ import annotations

import json
import signal
import socket
from typing import TYPE_CHECKING

import pytest

from monitor.simulator import Scenario, Simulator
from tests.cli.terminal import DEADLINE, Ran, run_process, start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCENARIO = Scenario.model_validate({"projects": [{"name": "shop", "versions": [{"name": "v1", "status": "STOPPED"}]}]})
ACCESS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "any"}


@pytest.fixture(name="config")
def _config(tmp_path: Path) -> Iterator[str]:
    """The path of a configuration that watches a simulator."""
    with Simulator(SCENARIO) as simulator:
        path = tmp_path / "monitor.yaml"
        path.write_text(
            f"aws: {{endpoint_url: '{simulator.url}'}}\n"
            f"state: {{url: 'sqlite:///{tmp_path}/state.db'}}\n"
            f"projects: [{{arn: '{SCENARIO.project_arns[0]}'}}]\n",
            encoding="utf-8",
        )
        yield str(path)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_the_daemon_runs_until_a_signal_comes(config: str, number: signal.Signals, code: int) -> None:
    """The log is on stderr, as the command line has it; stdout stays empty."""
    with start("run", "--config", config, "--listen", "127.0.0.1:0", "--log-format", "json", env=ACCESS) as process:
        assert process.stderr is not None
        started = next(line for line in process.stderr if '"monitor.started"' in line)
        process.send_signal(number)
        out, rest = process.communicate(timeout=DEADLINE)
    assert (process.returncode, out, '"monitor.stopped"' in rest) == (code, "", True)
    assert json.loads(started)["projects"] == 1


def test_an_address_that_is_taken_is_one_line(config: str) -> None:
    """A failure that says which address, and no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        ran = run_process("run", "--config", config, "--listen", address, env=ACCESS)
    lines = [line for line in ran.err.splitlines() if not line.startswith("{")]  # the log aside
    assert (ran.code, ran.out, len(lines), address in lines[0]) == (1, "", 1, True)


def test_an_override_that_is_wrong_is_refused(config: str) -> None:
    """As the file's own value would be."""
    ran = run_process("run", "--config", config, "--listen", "10417")
    expected = '--listen: "10417" is not HOST:PORT: write it as in 127.0.0.1:10417, or [::1]:10417 for IPv6\n'
    assert ran == Ran(code=2, out="", err=expected)
