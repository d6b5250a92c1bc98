from __future__ import annotations

import pytest

from tests.cli.terminal import Ran, run_here, run_process


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_completes_by_asking_the_command(shell: str) -> None:
    """The script calls the command with the variable that it answers to."""
    ran = run_here("completion", shell)
    assert (ran.code, f"_REKOGNITION_MONITOR_COMPLETE={shell}_complete" in ran.out) == (0, True)


def test_the_command_answers_a_shell() -> None:
    """What bash asks when `rekognition-monitor po<TAB>` is typed."""
    env = {"_REKOGNITION_MONITOR_COMPLETE": "bash_complete", "COMP_WORDS": "rekognition-monitor po", "COMP_CWORD": "1"}
    assert run_process(env=env) == Ran(code=0, out="plain,poll\n", err="")


def test_another_shell_is_refused() -> None:
    """Wrong use, naming those there are."""
    ran = run_here("completion", "tcsh")
    assert (ran.code, "'bash', 'zsh', 'fish'" in ran.err) == (2, True)
