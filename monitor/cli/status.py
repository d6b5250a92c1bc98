"""`status`: what each version is, as the database has it."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor.cli.loading import load, select
from monitor.cli.options import config_option, examples, output_option, project_option
from monitor.cli.watched import read_watched

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.cli.options import Clock


@click.command(
    epilog=examples(
        "rekognition-monitor status --config monitor.yaml --project 'shop-*'",
        "rekognition-monitor status --output json | jq '.projects[].versions[] | select(.status == \"RUNNING\")'",
    )
)
@config_option()
@project_option()
@output_option()
@click.pass_obj
def status(clock: Clock, config_path: Path, project: str | None, output: str) -> None:
    """Show the status of every version, and since when it has it.

    Reads the database, also while the daemon runs, and asks AWS nothing. SEEN says how old the last complete answer is;
    the daemon notes once a minute that nothing changed. A `≥` stands before a time that is at least so long: the
    version had its status already when the monitor first saw it.
    """
    from monitor.service.history import open_state
    from monitor.service.projects import projects_of

    config = load(config_path)
    chosen = select(projects_of(config), project)
    with open_state(config) as state:
        found = read_watched(chosen, state)
    now = clock()
    if output == "json":
        from monitor.cli.documents import print_json, status_document

        print_json(status_document(found, now))
        return
    from monitor.cli.tables import print_status

    print_status(found, now)
