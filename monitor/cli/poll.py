"""`poll`: one sweep over every project."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from monitor.cli.loading import load
from monitor.cli.options import config_option, examples, output_option
from monitor.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from monitor.config.model import Config, Log
    from monitor.service.sweep import Polled, Swept

MANY: Final = 5
"""Projects from which on a sweep may take long enough to be watched."""


@click.command(
    epilog=examples(
        "rekognition-monitor poll --config monitor.yaml",
        "rekognition-monitor poll --config monitor.yaml --output json | jq '.projects[].events[]'",
    )
)
@config_option()
@output_option()
def poll(config_path: Path, output: str) -> int:
    """Ask AWS once about every project, those that are discovered too, then exit.

    Commits and tells what changed, as the daemon does. The exit code is 1 when a project could not be polled; what to
    do about it stands on stderr.
    """
    swept = _sweep(load(config_path))
    if output == "json":
        from monitor.cli.documents import poll_document, print_json

        print_json(poll_document(swept))
    else:
        _print_results(swept.projects)
    return _tell_faults(swept)


def _sweep(config: Config) -> Swept:
    from monitor.cli.progress import progress
    from monitor.service.sweep import sweep

    with progress("Polling", shown=len(config.projects) >= MANY or bool(config.accounts)) as advance:
        _set_up_log(config.log)  # in here: stderr is the bar's while it is shown
        return sweep(config, progress=advance)


def _set_up_log(settings: Log) -> None:
    """As the daemon has it; at a terminal only what the table does not say."""
    from monitor import logs

    if sys.stderr.isatty():
        logs.configure("warning", "console")
    else:
        logs.configure(settings.level, settings.format)


def _print_results(results: Sequence[Polled]) -> None:
    from monitor.cli.lines import event_line
    from monitor.cli.printing import print_line, print_table
    from monitor.cli.tables import poll_table

    print_table(poll_table(results))
    for polled in results:
        for event in polled.events:
            print_line(event_line(event))


def _tell_faults(swept: Swept) -> int:
    """A line for each fault on stderr; the exit code."""
    failed = [
        *((f"the projects of {each.place.account}", each.place.region, each.fault) for each in swept.places),
        *((polled.project.name, polled.project.region, polled.fault) for polled in swept.projects),
    ]
    told = [(name, region, fault) for name, region, fault in failed if fault]
    for name, region, fault in told:
        said = f"{name} ({region}): {fault.reason}: {fault.message.rstrip('.')}. {fault.hint}"
        click.echo(visible(said), err=True)
    return 1 if told else 0
