"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    Clock = Callable[[], datetime]
    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

CONFIG_FILE: Final = Path("/etc/rekognition-monitor/monitor.yaml")
CONFIG_VARIABLE: Final = "REKOGNITION_MONITOR_CONFIG"


def examples(*lines: str) -> str:
    """An epilog whose lines click leaves as they are: a paragraph that begins with a backspace is not wrapped."""
    return "\n".join(("\b", "Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)))


def config_option() -> Decorator:
    """`--config FILE`, given to the command as `config_path`."""
    return click.option(
        "--config",
        "config_path",
        metavar="FILE",
        type=click.Path(path_type=Path),
        default=CONFIG_FILE,
        envvar=CONFIG_VARIABLE,
        show_default=True,
        show_envvar=True,
        help="The configuration.",
    )


def output_option(machine: str = "one JSON document") -> Decorator:
    """`--output table|json`; *machine* says what json is."""
    return click.option(
        "--output",
        type=click.Choice(["table", "json"]),
        default="table",
        show_default=True,
        help=f"For people, or for machines ({machine}).",
    )


SLOWEST: Final = 0.001
FASTEST: Final = 100_000.0
"""A day is a second then; what repeats itself every minute does so in half a millisecond, and takes all of a core."""


def speed_option() -> Decorator:
    """`--speed X` of the simulator; None leaves it to the scenario."""
    return click.option(
        "--speed",
        metavar="X",
        type=float,
        callback=_within,
        help="How many times as fast as in the world; by default what the scenario suggests.",
    )


def _within(_context: click.Context, _parameter: click.Parameter, speed: float | None) -> float | None:
    if speed is None or SLOWEST <= speed <= FASTEST:  # not so NaN, which click's own range lets pass
        return speed
    raise click.BadParameter(f"{speed:g} is not from {SLOWEST:g} to {FASTEST:,.0f}")
