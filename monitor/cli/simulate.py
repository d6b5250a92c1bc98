"""`simulate`: the simulator alone."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.options import examples, speed_option
from monitor.cli.signals import stopping

if TYPE_CHECKING:
    from monitor.simulator import Scenario


@click.command(
    epilog=examples(
        "rekognition-monitor simulate --listen 127.0.0.1:4566 --speed 60",
        "aws rekognition describe-projects --endpoint-url http://127.0.0.1:4566",
    )
)
@click.option(
    "--scenario",
    "chosen",
    metavar="FILE|NAME",
    default="life-of-everything",
    show_default=True,
    help="A scenario file, or the name of one that is shipped.",
)
@click.option(
    "--listen", metavar="HOST:PORT", default="127.0.0.1:4566", show_default=True, help="Port 0 takes a free one."
)
@speed_option()
def simulate(chosen: str, listen: str, speed: float | None) -> int:
    """Play Amazon Rekognition on this machine.

    Speaks its protocol: boto3, the aws command line and the monitor work against it with any credentials
    (`aws.endpoint_url` in the configuration). The address goes to stdout once it answers. SIGTERM or Ctrl-C ends it.
    """
    from monitor.simulator import Simulator

    scenario = find_scenario(chosen)
    host, port = _address(listen)
    pace = speed or scenario.speed
    with stopping() as stop, Simulator(scenario, host=host, port=port, speed=pace) as simulator:
        click.echo(simulator.url)
        click.echo(f"{chosen} at {pace:g} times the speed of the world, with these projects:", err=True)
        for arn in scenario.project_arns:
            click.echo(f"  {arn}", err=True)
        return stop.wait()


def find_scenario(chosen: str) -> Scenario:
    """The scenario in the file *chosen*, or the shipped one of that name. Raises ConfigError."""
    from monitor.simulator import load_scenario, shipped_scenario

    path = Path(chosen)
    return load_scenario(path if path.suffix or path.exists() else shipped_scenario(chosen))


def _address(listen: str) -> tuple[str, int]:
    from monitor.config.values import split_listen

    try:
        return split_listen(listen)
    except ValueError as error:
        raise click.BadParameter(f"{listen!r} {error}", param_hint="--listen") from None
