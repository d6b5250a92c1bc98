"""`run`: the daemon."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import click

from monitor.cli.options import config_option, examples

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    epilog=examples(
        "rekognition-monitor run --config monitor.yaml",
        "rekognition-monitor run --config monitor.yaml --listen 0.0.0.0:10417 --log-format console",
    )
)
@config_option()
@click.option("--listen", metavar="HOST:PORT", help="Serve here, whatever web.listen says.")
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="The least that is logged, whatever log.level says.",
)
@click.option(
    "--log-format", type=click.Choice(["json", "console"]), help="How it is logged, whatever log.format says."
)
def run(config_path: Path, listen: str | None, log_level: str | None, log_format: str | None) -> int:
    """Run the daemon: poll, tell, serve.

    SIGTERM and SIGINT stop it in order, a second one at once. SIGHUP reads the configuration again, and keeps the old
    one when the new one is refused. The log goes to stderr.
    """
    gc.disable()  # what a start makes stays, from here on: the daemon turns it on when it has settled
    try:
        from monitor.service.daemon import Overrides, run_daemon

        overrides = Overrides(listen=listen, log_level=log_level, log_format=log_format)
        return run_daemon(config_path, overrides, os.environ)
    finally:
        gc.enable()
