"""`sinks`: how each sink stands, and a test of one."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click
from click.core import ParameterSource

from monitor.cli.loading import load
from monitor.cli.options import config_option, examples, output_option
from monitor.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from monitor.cli.options import Clock
    from monitor.domain.standing import SinkState
    from monitor.service.trial import Trial

T = TypeVar("T")


@click.group(
    invoke_without_command=True,
    epilog=examples("rekognition-monitor sinks --config monitor.yaml", "rekognition-monitor sinks test ops"),
)
@config_option()
@output_option()
@click.pass_context
def sinks(context: click.Context, config_path: Path, output: str) -> None:
    """Show how each sink stands, or test one.

    Whether it works, what waits for it and since when, what died, and why the last delivery failed. Reads the
    database, also while the daemon runs. STATE is `ok`, `failing` (its oldest delivery that waits was refused at
    least once), `stopped` (it wants nothing more, and is asked nothing until the configuration is loaded again),
    `off` (enabled: false), or `removed` (not in the configuration any more; what it has left is dead).
    """
    if context.invoked_subcommand is not None:
        return
    from monitor.service.history import open_state
    from monitor.service.sink_states import sink_states

    config = load(config_path)
    with open_state(config) as store:
        states = sink_states(config.sinks, store.standings())
    clock: Clock = context.obj
    _show(states, clock(), output)


def _show(states: Sequence[SinkState], now: datetime, output: str) -> None:
    if output == "json":
        from monitor.cli.documents import print_json
        from monitor.cli.sink_states import sinks_document

        print_json(sinks_document(states))
    else:
        from monitor.cli.printing import print_table
        from monitor.cli.sink_states import sinks_table

        print_table(sinks_table(states, now))


@sinks.command(
    epilog=examples("rekognition-monitor sinks test ops", "rekognition-monitor sinks test ops --output json")
)
@config_option()
@click.argument("name")
@output_option()
@click.pass_context
def test(context: click.Context, config_path: Path, name: str, output: str) -> int:
    """Send the sink NAME an event that says that it is a test, and show what came of it.

    It goes straight to the sink, past its filters and the outbox: nothing is stored or tried again. Its `data` has
    `"test": true`, its project is `rekognition-monitor-test` and its account 000000000000. Ends with 1 when the sink
    did not accept it.
    """
    from monitor import logs
    from monitor.service.trial import try_sink

    config = load(_nearest(context, "config_path", config_path))
    logs.configure(config.log.level, config.log.format)
    trial = try_sink(config, name)
    _tell(trial, _nearest(context, "output", output))
    return 0 if trial.refusal is None else 1


def _nearest(context: click.Context, option: str, value: T) -> T:
    """The *option* as it was written behind `test`, else as it was written before it."""
    if context.get_parameter_source(option) is ParameterSource.COMMANDLINE or context.parent is None:
        return value
    outer: T = context.parent.params[option]
    return outer


def _tell(trial: Trial, output: str) -> None:
    if output == "json":
        from monitor.cli.documents import print_json
        from monitor.cli.sink_states import trial_document

        print_json(trial_document(trial))
        return
    took = f"{trial.seconds * 1000:.0f} ms"
    if trial.refusal is None:
        click.echo(f"{trial.sink} accepted the test {trial.event_id} in {took}")
    else:
        click.echo(f"{trial.sink} refused the test after {took}: {trial.refusal.reason}: {visible(str(trial.refusal))}")
