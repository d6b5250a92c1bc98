"""`check-config`: whether the daemon would take a file, without asking anybody."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.loading import load
from monitor.cli.options import CONFIG_FILE, CONFIG_VARIABLE, examples
from monitor.cli.text import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.config.estimating import Estimate
    from monitor.config.model import Config


@click.command(epilog=examples("rekognition-monitor check-config monitor.yaml"))
@click.argument("path", metavar="[FILE]", type=click.Path(path_type=Path), default=CONFIG_FILE, envvar=CONFIG_VARIABLE)
def check_config(path: Path) -> None:
    """Check a configuration offline, and say every problem at once.

    Problems go to stderr as `FILE:LINE: key.path: what is wrong, what to do`, and the exit code is then 2. Warnings go
    there too and change nothing. FILE is that of `run --config` when it is left out.
    """
    config = load(path)
    click.echo(f"{path}: no problem found")
    for line in summary(config):
        click.echo(line)


def summary(config: Config) -> Iterator[str]:
    """What the daemon would do with *config*, in a few lines."""
    from monitor.config.estimating import estimate

    sinks = [sink.name for sink in config.sinks if sink.enabled]
    yield f"{count(len(config.projects), 'project')}; {count(len(sinks), 'sink')}: {', '.join(sinks) or 'none'}"
    for calls in estimate(config):
        yield _calls(calls)


def _calls(calls: Estimate) -> str:
    _, _, _, region, account = calls.endpoint.split(":")
    return (
        f"account {account} in {region}: {count(calls.projects, 'project')}, calls to AWS an hour: "
        f"{calls.calls_per_hour:,.0f}, while all of them change {calls.busiest_calls_per_hour:,.0f}, "
        f"allowed {calls.budget_per_hour:,.0f}"
    )
