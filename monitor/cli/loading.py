"""The configuration that a command is about."""

# ruff: noqa: PLC0415 - what takes long to import is imported when a command runs

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.config.model import Config


def load(path: Path) -> Config:
    """The configuration at *path*, its warnings told on stderr. Raises ConfigError."""
    from monitor.config.loading import load_config

    loaded = load_config(path, os.environ)
    for warning in (*loaded.warnings, *loaded.exposed):
        click.echo(f"{warning} (warning)", err=True)
    return loaded.config
