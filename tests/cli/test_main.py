from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

import monitor
from tests.builders import tracked, version
from tests.cli.state import store_versions, write_config
from tests.cli.terminal import DEADLINE, REPOSITORY, Ran, run_here, run_process, start

if TYPE_CHECKING:
    from pathlib import Path


def test_the_version_is_told() -> None:
    """On stdout, as one line."""
    assert run_here("--version") == Ran(code=0, out=f"rekognition-monitor {monitor.__version__}\n", err="")


def test_python_runs_the_module() -> None:
    """`python -m monitor` is the command."""
    assert run_process("--version") == run_here("--version")


def test_no_garbage_is_sought_when_a_process_ends() -> None:
    """What the command leaves is frozen, and Python ends at once."""
    program = "import gc, monitor.__main__ as program; assert 0 == program.main(); print(gc.get_freeze_count() > 1000)"
    done = subprocess.run(
        (sys.executable, "-c", program, "--version"),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=True,
    )
    assert "True" == done.stdout.splitlines()[-1]


def test_an_unknown_command_is_wrong_use() -> None:
    """2, and the usage on stderr."""
    ran = run_here("pol")
    assert (ran.code, ran.out, "No such command 'pol'" in ran.err) == (2, "", True)


def test_without_a_command_the_help_is_shown() -> None:
    """It is wrong use all the same, so a script notices."""
    ran = run_here()
    assert (ran.code, "Commands:" in ran.err) == (2, True)


def test_problems_of_a_configuration_are_a_line_each(tmp_path: Path) -> None:
    """All of them on stderr, and 2."""
    path = tmp_path / "monitor.yaml"
    path.write_text("poll: {interval: 5}\nprojects: [{arn: nonsense}]\n", encoding="utf-8")
    ran = run_here("status", "--config", str(path))
    assert (ran.code, ran.out, [line.split(": ")[:2] for line in ran.err.splitlines()]) == (
        2,
        "",
        [[f"{path}:1", "poll.interval"], [f"{path}:2", "projects[0].arn"]],
    )


def test_the_configuration_may_be_named_by_the_environment(tmp_path: Path) -> None:
    """REKOGNITION_MONITOR_CONFIG stands in for --config."""
    path = tmp_path / "absent.yaml"
    ran = run_here("status", env={"REKOGNITION_MONITOR_CONFIG": str(path)})
    assert ran == Ran(
        code=2, out="", err=f"{path}: cannot be read: No such file or directory: name a YAML file that can\n"
    )


def test_a_reader_that_goes_away_is_no_news() -> None:
    """`| head` ends the command without a word."""
    with start("--help") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.wait(timeout=60), process.stderr.read()) == (1, "")


HEAVY: Final = {
    "alembic",
    "apprise",
    "apscheduler",
    "boto3",
    "botocore",
    "jinja2",
    "prometheus_client",
    "starlette",
    "uvicorn",
}
"""Packages that are of use to the daemon only, or to a configuration that has templates."""


@pytest.mark.parametrize(
    ("output", "ended"),
    [
        ("/dev/full", (1, "rekognition-monitor: the output cannot be written: No space left on device\n")),
        ("&-", (0, "")),
    ],
    ids=["full", "closed"],
)
def test_an_output_that_takes_nothing_is_no_traceback(output: str, ended: tuple[int, str]) -> None:
    """A disk that is full is told; an output that was closed is as /dev/null."""
    command = f'exec "$0" -m monitor lifecycle >{output}'
    ran = subprocess.run(
        ("sh", "-c", command, sys.executable),
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        timeout=DEADLINE,
        check=False,
    )
    assert ended == (ran.returncode, ran.stderr)


def test_help_imports_nothing_that_takes_long() -> None:
    """Help and completion come at once: what is heavy waits for the command that needs it."""
    assert set() == _imported("--help") & {*HEAVY, "pydantic", "rich", "sqlalchemy", "structlog", "yaml"}


def test_status_in_a_pipe_imports_only_what_it_needs(tmp_path: Path) -> None:
    """The configuration's and the database's libraries: nothing that draws, logs or speaks to anybody."""
    config = write_config(tmp_path)
    store_versions(tmp_path, tracked(version("v1", "RUNNING")))
    imported = _imported("status", "--config", str(config))
    assert {"pydantic", "sqlalchemy"} == imported & {
        *HEAVY,
        *("pydantic", "sqlalchemy", "structlog", "rich.console", "rich.text"),
        *("sqlalchemy.dialects.postgresql", "monitor.aws.sessions", "monitor.service.service"),
    }


def _imported(*args: str) -> set[str]:
    """The names of all modules that the command imports."""
    ran = run_process(*args, env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert ran.code == 0
    return {line.rpartition("|")[2].strip() for line in ran.err.splitlines()}
