"""`events`: the history."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import click

from monitor.cli.inquiring import inquiry_options
from monitor.cli.loading import load
from monitor.cli.options import config_option, examples, output_option
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from monitor.cli.inquiring import Ask
    from monitor.cli.options import Clock
    from monitor.cli.ports import State
    from monitor.config.model import Config
    from monitor.domain.delivery import Message
    from monitor.domain.inquiry import Inquiry

    Printer = Callable[[Sequence[Message]], None]

LIMIT: Final = 100
"""Events that are shown when nobody says how many, or since when."""

LEAD: Final = 10
"""The same before those that `--follow` goes on with, as `journalctl -f` and `tail -f` have it."""

PAUSE: Final = 1.0
"""Seconds between two looks for new events."""


@click.command(
    epilog=examples(
        "rekognition-monitor events --since yesterday --severity warning",
        "rekognition-monitor events --since 2026-11-01 --until 2026-11-08 --output json | jq .data.summary",
        "rekognition-monitor events --follow --project 'shop-*' --status RUNNING",
    )
)
@config_option()
@inquiry_options
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=0),
    help=f"Only the newest N; by default all of them with --since, {LEAD} with --follow, and else {LIMIT}.",
)
@click.option("--follow", "-f", is_flag=True, help="Go on with new events as they come, until interrupted.")
@output_option("a CloudEvent a line")
@click.pass_obj
def events(clock: Clock, *, config_path: Path, ask: Ask, limit: int | None, follow: bool, output: str) -> None:
    """Show what happened, the newest last.

    Reads the database, beside the running monitor or after it has stopped, and says which. Times are UTC. Events are
    kept for `state.keep_events`. Options that choose have all to fit; of several values of one option, one of them.
    """
    from monitor.service.fleet import known_projects
    from monitor.service.history import open_state
    from monitor.service.projects import projects_of

    config = load(config_path)
    if ask(clock(), projects_of(config)).until and follow:  # told whether or not there is a database
        raise UsageError("--follow goes on with what comes; leave --until out")
    show = _printer(output)
    with open_state(config) as state:
        wanted = ask(clock(), known_projects(config, state))
        _tell_presence(config, state, clock)
        reached = _show_past(state, wanted, show, _limit(limit, wanted, follow=follow))
        if follow:
            _follow(config, state, replace(wanted, after=reached, since=None), show, clock)


def _show_past(state: State, wanted: Inquiry, show: Printer, limit: int | None) -> int:
    """Show what is stored; the position from which on it is new."""
    from monitor.cli.history import past

    position = state.records.newest_position()
    for found in past(state.records, wanted, limit):
        show(found)
        position = max(position, found[-1].position) if found else position
    return position


def _follow(config: Config, state: State, wanted: Inquiry, show: Printer, clock: Clock) -> None:
    """Show what comes, and say when the monitor stops or starts: else nobody knows why nothing comes."""
    from monitor.cli.history import follow
    from monitor.service.presence import find_daemon

    known = find_daemon(config)

    def pause() -> None:
        nonlocal known
        time.sleep(PAUSE)
        now = find_daemon(config)
        if now != known:
            known = now
            _tell_presence(config, state, clock)

    for found in follow(state.records, wanted, pause):
        show(found)


def _tell_presence(config: Config, state: State, clock: Clock) -> None:
    """On stderr: it is not what was asked for, but says what that is worth."""
    from monitor.cli.notice import presence_line
    from monitor.service.presence import find_daemon

    click.echo(presence_line(find_daemon(config), state.records.last_seen(), clock()), err=True)


def _limit(asked: int | None, wanted: Inquiry, *, follow: bool) -> int | None:
    if asked is not None or wanted.since:
        return asked
    return LEAD if follow else LIMIT


def _printer(output: str) -> Printer:
    if output == "json":
        from monitor.cli.documents import print_messages

        return print_messages
    from monitor.cli.lines import print_message_lines

    return print_message_lines
