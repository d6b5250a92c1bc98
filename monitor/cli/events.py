"""`events`: the history."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import click

from monitor.cli.loading import load
from monitor.cli.options import config_option, examples, output_option, project_option

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from monitor.cli.options import Clock
    from monitor.domain.delivery import Message

    Printer = Callable[[Sequence[Message]], None]

LIMIT: Final = 100
"""Events that are shown when nobody says how many, or since when."""

PAUSE: Final = 1.0
"""Seconds between two looks for new events."""


@click.command(
    epilog=examples(
        "rekognition-monitor events --since 2h --project my-project",
        "rekognition-monitor events --since 2026-11-01 --output json | jq .data.summary",
        "rekognition-monitor events --follow",
    )
)
@config_option()
@click.option(
    "--since",
    metavar="TIME",
    help="A duration back from now (30m, 2h, 7d), a date, or a time (2026-11-01T18:00); UTC unless it says otherwise.",
)
@project_option()
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=0),
    help=f"Only the newest N; by default {LIMIT}, or all of them with --since.",
)
@click.option("--follow", is_flag=True, help="Go on with new events as they come, until interrupted.")
@output_option("a CloudEvent a line")
@click.pass_obj
def events(
    clock: Clock,
    *,
    config_path: Path,
    since: str | None,
    project: str | None,
    limit: int | None,
    follow: bool,
    output: str,
) -> None:
    """Show what happened, the newest last.

    Reads the database, also while the daemon runs. Times are UTC. Events are kept for `state.keep_events`.
    """
    from monitor.cli import history
    from monitor.service.history import open_state

    begin = history.parse_since(since, clock()) if since else None
    show = _printer(output)
    with open_state(load(config_path)) as state:
        position = history.newest_position(state)
        for found in history.past(state, project=project, since=begin, limit=_limit(limit, begin)):
            show(found)
            position = max([position, *(message.position for message in found)])
        if follow:
            for found in history.follow(state, project=project, after=position, pause=lambda: time.sleep(PAUSE)):
                show(found)


def _limit(asked: int | None, since: datetime | None) -> int | None:
    return asked if asked is not None or since else LIMIT


def _printer(output: str) -> Printer:
    if output == "json":
        from monitor.cli.documents import print_messages

        return print_messages
    from monitor.cli.lines import print_message_lines

    return print_message_lines
