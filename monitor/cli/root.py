"""The command `rekognition-monitor` and its subcommands."""

from __future__ import annotations

import click

from monitor import __version__
from monitor.cli.backup import backup, restore
from monitor.cli.check import check_config
from monitor.cli.completion import completion
from monitor.cli.demo import demo
from monitor.cli.events import events
from monitor.cli.lifecycle import lifecycle
from monitor.cli.options import examples
from monitor.cli.outbox import outbox
from monitor.cli.poll import poll
from monitor.cli.run import run
from monitor.cli.simulate import simulate
from monitor.cli.sinks import sinks
from monitor.cli.status import status


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples("rekognition-monitor demo", "rekognition-monitor run --config monitor.yaml"),
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def root() -> None:
    """Watch Amazon Rekognition project versions, and tell people and machines when one changes status.

    Exit codes: 0 done; 1 something that was asked for failed; 2 wrong use or a configuration that is refused; 130
    interrupted. What was asked for goes to stdout, everything else to stderr.
    """


for command in (
    run,
    check_config,
    poll,
    status,
    events,
    outbox,
    sinks,
    backup,
    restore,
    lifecycle,
    simulate,
    demo,
    completion,
):
    root.add_command(command)
