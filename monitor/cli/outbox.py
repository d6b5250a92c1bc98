"""`outbox`: the deliveries that wait or died."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from monitor.cli.loading import load
from monitor.cli.options import config_option, examples, output_option
from monitor.cli.text import count
from monitor.domain.delivery import DeliveryState, Selection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from monitor.cli.options import Clock
    from monitor.cli.ports import Outbox

    Command = Callable[..., Any]

LIMIT: Final = 100
UNSETTLED: Final = frozenset({DeliveryState.PENDING, DeliveryState.DEAD})


def _state_option() -> Callable[[Command], Command]:
    return click.option(
        "--state",
        type=click.Choice([DeliveryState.PENDING.value, DeliveryState.DEAD.value]),
        help="Only those that wait (pending), or were given up (dead).",
    )


@click.group(
    epilog=examples(
        "rekognition-monitor outbox list",
        "rekognition-monitor outbox retry --sink ops",
        "rekognition-monitor outbox discard 8a1c2f0e-5f6d-5c3b-9b1e-2d7f3a4b5c6d --yes",
    )
)
def outbox() -> None:
    """Look at the deliveries that wait or died, send them again, or give them up.

    A delivery is one event for one sink. It is dead when its sink refused it for good, or when it was tried for too
    long (`max_attempts` and `max_age` of the sink). Works beside a running daemon, which then delivers what is retried.
    """


@outbox.command("list", epilog=examples("rekognition-monitor outbox list --sink ops --state dead"))
@config_option()
@click.option("--sink", metavar="NAME", help="Only the deliveries for this sink.")
@_state_option()
@click.option(
    "--limit", metavar="N", type=click.IntRange(min=1), default=LIMIT, show_default=True, help="Only the oldest N."
)
@output_option()
@click.pass_obj
def list_(clock: Clock, *, config_path: Path, sink: str | None, state: str | None, limit: int, output: str) -> None:
    """Show the deliveries that are not settled, the oldest first."""
    from monitor.service.history import open_state

    with open_state(load(config_path)) as store:
        found = store.outbox(states=_states(state), sink=sink, limit=limit + 1)
    shown = found[:limit]
    if output == "json":
        from monitor.cli.documents import outbox_document, print_json

        print_json(outbox_document(shown))
    else:
        from monitor.cli.printing import print_table
        from monitor.cli.tables import outbox_table

        print_table(outbox_table(shown, clock()))
    if len(found) > limit:
        click.echo(f"Only the oldest {limit} are shown; --limit shows more.", err=True)


def _selecting(command: Command) -> Command:
    """The arguments of `retry` and `discard`. Without any nothing is meant: nobody gives up an outbox by a slip."""
    options = (
        config_option(),
        click.argument("event_ids", metavar="[EVENT_ID]...", nargs=-1),
        click.option(
            "--sink", metavar="NAME", help="The deliveries for this sink; with EVENT_ID, of those events only."
        ),
        click.option("--all", "everything", is_flag=True, help="The deliveries for every sink."),
        _state_option(),
    )
    for option in reversed(options):
        command = option(command)
    return command


@outbox.command(
    epilog=examples("rekognition-monitor outbox retry --sink ops", "rekognition-monitor outbox retry --all")
)
@_selecting
def retry(
    *, config_path: Path, event_ids: tuple[str, ...], sink: str | None, everything: bool, state: str | None
) -> int:
    """Send deliveries now, as if they were new.

    Say which: by EVENT_ID, by --sink, or --all. Dead ones are tried again, those that wait for another try wait no
    longer. The running daemon sends them, or the next one.
    """
    from monitor.service.history import open_state

    selection = _selection(event_ids, sink, state, everything=everything)
    with open_state(load(config_path)) as store:
        number = _deliveries(store).retry(selection)
    return _tell(number, "will be sent again", named=bool(event_ids))


@outbox.command(epilog=examples("rekognition-monitor outbox discard --sink old-hook --yes"))
@_selecting
@click.option("--yes", is_flag=True, help="Do not ask. Needed where nobody can answer, as in a script.")
def discard(
    *, config_path: Path, event_ids: tuple[str, ...], sink: str | None, everything: bool, state: str | None, yes: bool
) -> int:
    """Give deliveries up: their sinks will not be told.

    Say which: by EVENT_ID, by --sink, or --all. The events stay in the history.
    """
    from monitor.service.history import open_state

    selection = _selection(event_ids, sink, state, everything=everything)
    config = load(config_path)
    if not (yes or _confirmed()):
        return 1
    with open_state(config) as store:
        number = _deliveries(store).discard(selection)
    return _tell(number, "given up", named=bool(event_ids))


def _deliveries(store: Outbox) -> Outbox:
    """The database as this room knows it."""
    return store


def _selection(event_ids: tuple[str, ...], sink: str | None, state: str | None, *, everything: bool) -> Selection:
    if not (event_ids or sink or everything):
        raise click.UsageError("say which deliveries: an EVENT_ID, --sink NAME or --all")
    if everything and (event_ids or sink):
        raise click.UsageError("--all means every delivery; take it out, or the EVENT_ID and --sink")
    return Selection(sink=sink, event_ids=event_ids, states=_states(state))


def _states(state: str | None) -> frozenset[DeliveryState]:
    return frozenset({DeliveryState(state)}) if state else UNSETTLED


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        raise click.UsageError("nobody is there to be asked; say --yes")
    return click.confirm("Their sinks will not be told. Give these deliveries up?", err=True)


def _tell(number: int, what: str, *, named: bool) -> int:
    """How many it were; the exit code, 1 when events were named and nothing was found."""
    click.echo(f"{count(number, 'delivery/deliveries')} {what}", err=True)
    return 1 if named and not number else 0
