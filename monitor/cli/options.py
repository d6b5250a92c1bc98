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
