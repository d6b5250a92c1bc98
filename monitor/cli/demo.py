"""`demo`: the simulator and the daemon in one process."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

import click

from monitor.cli.options import examples, speed_option


@click.command(epilog=examples("rekognition-monitor demo", "rekognition-monitor demo --speed 200"))
@click.option(
    "--listen",
    metavar="HOST:PORT",
    help="Where the page is served; by default 127.0.0.1:10417, or a free port when that one is taken.",
)
@speed_option()
def demo(listen: str | None, speed: float | None) -> int:
    """Watch a simulated fleet live; needs no AWS account.

    The simulator plays a life of everything, and the daemon polls it, tells here what happens, and serves its page and
    its metrics. Nothing is kept. Ctrl-C ends it.
    """
    from monitor.cli.demonstration import demonstrate

    return demonstrate(listen=listen, speed=speed)
