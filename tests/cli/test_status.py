from __future__ import annotations

import csv
import io
import json
import os
from typing import TYPE_CHECKING

from monitor.domain.commit import Commit
from monitor.domain.reachability import Streak
from monitor.store import StateLock
from tests.builders import ENDPOINT, PROJECT_ARN, T0, at, project, tracked, version
from tests.cli.state import STOPPED, open_store, store_versions, write_config
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
        err=STOPPED.format(age="2m"),
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
        "monitor": {"running": False, "seen_at": "2026-11-21T18:00:00Z"},
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
    assert (ran.code, "\\u2265 " in ran.out) == (0, True)


def test_without_a_database_there_is_nothing_to_show(tmp_path: Path) -> None:
    """One line says so, and none is made."""
    ran = run_here("status", "--config", str(write_config(tmp_path)), now=T0)
    assert (ran.code, ran.out, len(ran.err.splitlines()), (tmp_path / "state.db").exists()) == (2, "", 1, False)


def _names(folder: Path, *options: str) -> list[list[str]]:
    """The projects and versions that *options* leave of three."""
    fleet = (
        tracked(version("prod-2", "RUNNING", status_message="The model is running.")),
        tracked(version("prod-1", "STOPPED")),
        tracked(version("trial", "TRAINING_FAILED", status_message="Too few images.")),
    )
    if not (folder / "state.db").exists():
        store_versions(folder, *fleet)
    ran = run_here("status", "--config", str(write_config(folder)), *options)
    return [[cells[0], cells[4]] for cells in _cells(ran)[1:]]


def test_options_choose_versions(tmp_path: Path) -> None:
    """Each by itself and together; a project none of whose versions is wanted has no line then."""
    first = "getting-started"
    assert [
        _names(tmp_path, "--status", "running", "--status", "failed-or-expired"),
        _names(tmp_path, "--text", "too IMAGES"),
        _names(tmp_path, "--version", "prod-*", "--status", "STOPPED"),
        _names(tmp_path, "--account", "111122223333", "--region", "eu-west-1"),
        _names(tmp_path, "--status", "DELETING"),
    ] == [
        [[first, "prod-2"], [first, "trial"]],
        [[first, "trial"]],
        [[first, "prod-1"]],
        [["second", "-"]],
        [],
    ]


def test_labels_choose_projects(tmp_path: Path) -> None:
    """Those of the configuration; without an equals sign it is wrong use."""
    path = write_config(tmp_path)
    path.write_text(
        path.read_text("utf-8").replace(f"arn: {PROJECT_ARN}", f"arn: {PROJECT_ARN}\n    labels: {{team: a}}")
    )
    store_versions(tmp_path, tracked())
    chosen = run_here("status", "--config", str(path), "--label", "team=a")
    refused = run_here("status", "--config", str(path), "--label", "team")
    assert [cells[0] for cells in _cells(chosen)[1:]] == ["getting-started"]
    assert (refused.code, "'team' is no label; write NAME=VALUE" in refused.err) == (2, True)


def test_a_spreadsheet_gets_a_line_a_version(tmp_path: Path) -> None:
    """Every column always there, text quoted where it has to be."""
    store_versions(tmp_path, tracked(version("v1", "FAILED", status_message='no "labels",\nnone', f1_score=0.5)))
    ran = run_here("status", "--config", str(write_config(tmp_path)), "--output", "csv")
    (row,) = csv.DictReader(io.StringIO(ran.out, newline=""))
    given = {name: value for name, value in row.items() if value}
    assert given == {
        "project": "getting-started",
        "project_arn": PROJECT_ARN,
        "account_id": "111122223333",
        "region": "us-east-1",
        "seen_at": "2026-11-21T18:00:00Z",
        "unreachable": "false",
        "version_name": "v1",
        "version_arn": version("v1").arn,
        "status": "FAILED",
        "status_since": "2026-11-21T18:00:00Z",
        "status_since_at_least": "false",
        "status_message": 'no "labels",\nnone',
        "f1_score": "0.5",
    }


def test_it_says_that_a_daemon_keeps_it_up_to_date(tmp_path: Path) -> None:
    """And which process that is."""
    config = write_config(tmp_path)
    store_versions(tmp_path, tracked())
    lock = StateLock(f"sqlite:///{tmp_path}/state.db")
    lock.acquire()
    ran = run_here("status", "--config", str(config), now=at(1))
    lock.release()
    answer = "Its last answer from AWS is 1m old (2026-11-21T18:00:00Z)."
    assert ran.err == f"The monitor is running (process {os.getpid()}). {answer}\n"


def test_watching_needs_a_terminal(tmp_path: Path) -> None:
    """In a pipe it would never end; and it draws a table only."""
    config = str(write_config(tmp_path))
    refused = [run_here("status", "--config", config, "--watch", *more) for more in ((), ("--output", "json"), ("v1",))]
    assert [(ran.code, ran.err.split(";")[0]) for ran in refused] == [
        (2, "rekognition-monitor: --watch draws on a terminal, and stdout is none"),
        (2, "rekognition-monitor: --watch draws the table"),
        (2, "rekognition-monitor: --watch draws the table"),
    ]
