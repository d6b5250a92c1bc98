"""`status`: what each version is, as the database has it."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from monitor.cli.choosing import choice_options
from monitor.cli.options import config_option, examples
from monitor.config.duration import parse_duration
from monitor.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.cli.options import Clock
    from monitor.cli.watched import Fleet
    from monitor.cli.whole import Whole
    from monitor.domain.choice import Choice


@click.command(
    epilog=examples(
        "rekognition-monitor status --status RUNNING",
        "rekognition-monitor status --project 'shop-*' --watch",
        "rekognition-monitor status my-model.2026-11-01T09.10.15 --window 7d",
        "rekognition-monitor status --output json | jq '.projects[].versions[] | select(.status == \"RUNNING\")'",
    )
)
@config_option()
@choice_options
@click.option(
    "--status",
    "statuses",
    metavar="WORD",
    multiple=True,
    help="Versions in this status; also under-way, failed-or-expired and unusual. May be given several times.",
)
@click.option("--text", metavar="WORDS", default="", help="Versions about which these words all occur somewhere.")
@click.option("--watch", is_flag=True, help="Draw it again and again in place, until interrupted; at a terminal only.")
@click.option(
    "--window",
    type=click.Choice(["24h", "7d", "30d"]),
    default="24h",
    show_default=True,
    help="How much of the time before now the timeline of VERSION shows.",
)
@click.option(
    "--output",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="For people, for machines (one JSON document), or for spreadsheets (a line a version).",
)
@click.argument("version", required=False)
@click.pass_obj
def status(
    clock: Clock,
    *,
    config_path: Path,
    choice: Choice,
    statuses: tuple[str, ...],
    text: str,
    watch: bool,
    window: str,
    output: str,
    version: str | None,
) -> None:
    """Show the status of every version, or everything about one.

    VERSION is a name or an ARN; without it there is a line a version: what it is, and since when. Reads the database,
    beside the running monitor or after it has stopped, says which, and asks AWS nothing. SEEN says how old the last
    complete answer is; the monitor notes once a minute that nothing changed. A `≥` stands before a time that is at
    least so long: the version had its status already when the monitor first saw it. Options that choose have all to
    fit; of several values of one option, one of them.
    """
    choice = replace(choice, statuses=statuses, text=text)
    if watch:
        _may_watch(version, output)
    from monitor.cli.desk import open_desk

    with open_desk(config_path, choice, clock) as desk:
        if watch:
            from monitor.cli.watching import watch_status

            watch_status(desk.look)
        fleet = desk.look()
        if version:
            _show_whole(fleet, desk.whole(fleet, version, parse_duration(window)), output)
        else:
            _show(fleet, output)


def _may_watch(version: str | None, output: str) -> None:
    from monitor.cli.printing import at_terminal

    if version or output != "table":
        raise UsageError("--watch draws the table; leave VERSION and --output out")
    if not at_terminal():
        raise UsageError("--watch draws on a terminal, and stdout is none; `events --follow` goes into a pipe")


def _show(fleet: Fleet, output: str) -> None:
    if output == "json":
        from monitor.cli.documents import print_json, status_document

        print_json(status_document(fleet))
        return
    _tell_presence(fleet)
    if output == "csv":
        from monitor.cli.sheet import sheet

        click.echo(sheet(fleet.found), nl=False)
        return
    from monitor.cli.tables import print_status

    print_status(fleet.found, fleet.at)


def _show_whole(fleet: Fleet, whole: Whole, output: str) -> None:
    if output == "json":
        from monitor.cli.documents import print_json, whole_document

        print_json(whole_document(fleet, whole))
        return
    if output == "csv":
        raise UsageError("one version is no sheet; take --output json, or --version NAME instead of NAME")
    from monitor.cli.whole_page import print_whole

    _tell_presence(fleet)
    print_whole(whole, fleet.at)


def _tell_presence(fleet: Fleet) -> None:
    """On stderr: it is not what was asked for, but says what that is worth."""
    from monitor.cli.notice import presence_line

    click.echo(presence_line(fleet.presence, fleet.seen_at, fleet.at), err=True)
