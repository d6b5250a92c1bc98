from __future__ import annotations

from typing import TYPE_CHECKING

import monitor
from tests.cli.terminal import Ran, run_here, run_process, start

if TYPE_CHECKING:
    from pathlib import Path


def test_the_version_is_told() -> None:
    """On stdout, as one line."""
    assert run_here("--version") == Ran(code=0, out=f"rekognition-monitor {monitor.__version__}\n", err="")


def test_python_runs_the_module() -> None:
    """`python -m monitor` is the command."""
    assert run_process("--version") == run_here("--version")


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
        assert (process.wait(timeout=30), process.stderr.read()) == (1, "")


def test_help_imports_nothing_that_takes_long() -> None:
    """Help and completion come at once: what is heavy waits for the command that needs it."""
    heavy = {
        "alembic",
        "boto3",
        "botocore",
        "jinja2",
        "pydantic",
        "rich",
        "sqlalchemy",
        "starlette",
        "structlog",
        "yaml",
    }
    ran = run_process("--help", env={"PYTHONPROFILEIMPORTTIME": "1"})
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in ran.err.splitlines()}
    assert heavy & imported == set()
