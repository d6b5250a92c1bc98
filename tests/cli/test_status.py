from __future__ import annotations

import json
from typing import TYPE_CHECKING

from monitor.domain.commit import Commit
from monitor.domain.reachability import Streak
from tests.builders import ENDPOINT, T0, at, project, tracked, version
from tests.cli.state import open_store, store_versions, write_config
from tests.cli.terminal import Ran, run_here, run_process

if TYPE_CHECKING:
    from pathlib import Path


def _cells(ran: Ran) -> list[list[str]]:
    """The cells of each line: two blanks or more stand between them."""
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in ran.out.splitlines()]


def test_every_version_has_a_line(tmp_path: Path) -> None:
    """What it is and since when, and a line for a project that was not seen yet."""
    config = write_config(tmp_path)
    store_versions(
        tmp_path,
        tracked(
            version(
                "v2",
                "RUNNING",
                status_message="The model is running.",
                f1_score=0.8731,
                min_inference_units=1,
                max_inference_units=4,
                billable_training_time_in_seconds=5400,
            ),
            since=at(-200),
        ),
        tracked(version("v1", "STOPPED"), since=at(-4000), at_least=True),
    )
    assert run_here("status", "--config", str(config), now=at(2)) == Ran(
        code=0,
        out="""\
PROJECT          REGION     ACCOUNT       SEEN    VERSION  STATUS   SINCE        F1  UNITS  TRAINING  MESSAGE
getting-started  us-east-1  111122223333  2m ago  v2       RUNNING  3h 22m    0.873    1-4    1h 30m  The model is running.
getting-started  us-east-1  111122223333  2m ago  v1       STOPPED  ≥ 2d 18h      -      -         -  -
second           eu-west-1  111122223333  never   -        -        -             -      -         -  -
""",  # noqa: E501 - as it is printed
        err="",
    )


def test_long_lines_are_whole_in_a_pipe(tmp_path: Path) -> None:
    """Nothing is cut or wrapped to a width."""
    config = write_config(tmp_path)
    store_versions(tmp_path, tracked(version("v" * 200, "FAILED", status_message="why " * 100)))
    lines = _cells(run_here("status", "--config", str(config), "--project", "getting-*"))
    assert lines[1][4:] == ["v" * 200, "FAILED", "0s", "-", "-", "-", ("why " * 100).strip()]


def test_text_of_others_is_shown_as_text(tmp_path: Path) -> None:
    """Neither markup nor escape sequences do anything."""
    config = write_config(tmp_path)
    store_versions(tmp_path, tracked(version("v1", "ODD", status_message="[red]a[/red]\x1b[2J\nb")))
    assert _cells(run_here("status", "--config", str(config)))[1][-1] == "[red]a[/red]\\x1b[2J\\nb"


def test_an_unreachable_project_says_so(tmp_path: Path) -> None:
    """What is shown is old, and nobody is making it newer."""
    config = write_config(tmp_path)
    store_versions(tmp_path, tracked())
    with open_store(tmp_path) as store:
        streak = Streak(failures=3, since=at(1), told=True, sequence=1)
        store.commit(Commit(project=project(), at=at(3), streaks={ENDPOINT: streak}))
    seen = [line[3] for line in _cells(run_here("status", "--config", str(config), now=at(60)))]
    assert seen == ["SEEN", "1h ago, unreachable", "never"]


def test_machines_get_a_document(tmp_path: Path) -> None:
    """Every fact in the form that events carry it."""
    config = write_config(tmp_path)
    store_versions(tmp_path, tracked(version("v1", "RUNNING", min_inference_units=1), since=at(-5)))
    ran = run_here("status", "--config", str(config), "--project", "getting-started", "--output", "json")
    what = project()
    assert json.loads(ran.out) == {
        "at": "2026-11-21T18:00:00Z",
        "projects": [
            {
                "arn": what.arn,
                "name": "getting-started",
                "labels": {},
                "account_id": "111122223333",
                "region": "us-east-1",
                "seen_at": "2026-11-21T18:00:00Z",
                "unreachable": False,
                "failing_since": None,
                "versions": [
                    {
                        "arn": version("v1").arn,
                        "name": "v1",
                        "status": "RUNNING",
                        "min_inference_units": 1,
                        "status_since": "2026-11-21T17:55:00Z",
                        "status_since_at_least": False,
                    }
                ],
            }
        ],
    }


def test_a_project_that_is_not_watched_is_wrong_use(tmp_path: Path) -> None:
    """The names that there are help with the spelling."""
    config = write_config(tmp_path)
    store_versions(tmp_path, tracked())
    assert run_here("status", "--config", str(config), "--project", "geting-started") == Ran(
        code=2,
        out="",
        err="rekognition-monitor: no project of the configuration is called 'geting-started'; "
        "there are: getting-started, second\n",
    )


def test_a_locale_without_the_signs_gets_escapes(tmp_path: Path) -> None:
    """An encoding that is neither UTF-8 nor ASCII (which click takes for UTF-8) is no reason for a traceback."""
    config = write_config(tmp_path)
    store_versions(tmp_path, tracked(version("v1", "RUNNING"), at_least=True))
    ran = run_process("status", "--config", str(config), env={"PYTHONIOENCODING": "iso8859-1"})
    assert (ran.code, ran.err, "\\u2265 " in ran.out) == (0, "", True)


def test_without_a_database_there_is_nothing_to_show(tmp_path: Path) -> None:
    """One line says so, and none is made."""
    ran = run_here("status", "--config", str(write_config(tmp_path)), now=T0)
    assert (ran.code, ran.out, len(ran.err.splitlines()), (tmp_path / "state.db").exists()) == (2, "", 1, False)
