from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.terminal import Ran, run_here

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
projects:
  - arn: arn:aws:rekognition:us-east-1:111122223333:project/one/1690474772815
  - arn: arn:aws:rekognition:us-east-1:111122223333:project/two/1690474772816
  - {arn: "arn:aws:rekognition:eu-west-1:111122223333:project/three/1690474772817", interval: 1m}
sinks:
  - {name: audit, type: file, path: /var/lib/rekognition-monitor/events.jsonl}
"""


def test_a_good_file_is_summed_up(tmp_path: Path) -> None:
    """How much is watched, who is told, and what it costs in calls."""
    path = tmp_path / "monitor.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert run_here("check-config", str(path)) == Ran(
        code=0,
        out=f"{path}: no problem found\n"
        "3 projects; 2 sinks: audit, log\n"
        "account 111122223333 in us-east-1: 2 projects, "
        "calls to AWS an hour: 24, while all of them change 240, allowed 3,600\n"
        "account 111122223333 in eu-west-1: 1 project, "
        "calls to AWS an hour: 60, while all of them change 120, allowed 3,600\n",
        err="",
    )


def test_warnings_change_nothing(tmp_path: Path) -> None:
    """They stand on stderr, and the file is good."""
    path = tmp_path / "monitor.yaml"
    path.write_text(f"{GOOD}aws: {{max_calls_per_second: 50}}\n", encoding="utf-8")
    ran = run_here("check-config", str(path))
    where = f"{path}:7: aws.max_calls_per_second: 50 is above AWS's default quota"
    assert (ran.code, ran.err.startswith(where), ran.err.endswith(" (warning)\n")) == (0, True, True)


def test_problems_are_told_on_stderr(tmp_path: Path) -> None:
    """Each with its line and place, and 2."""
    path = tmp_path / "monitor.yaml"
    path.write_text("projects: []\n", encoding="utf-8")
    ran = run_here("check-config", str(path))
    assert (ran.code, ran.out, ran.err.startswith(f"{path}:1: projects: ")) == (2, "", True)


def test_an_address_that_is_open_to_strangers_is_told(tmp_path: Path) -> None:
    """The daemon tells of its own when it starts."""
    path = tmp_path / "monitor.yaml"
    path.write_text(f"{GOOD}web: {{listen: '0.0.0.0:10417'}}\n", encoding="utf-8")
    ran = run_here("check-config", str(path))
    where = f"{path}:7: web.listen: 0.0.0.0 is not the loopback's, and nobody has to authenticate: "
    assert (0, True, 1) == (ran.code, ran.err.startswith(where), ran.err.count("\n"))
