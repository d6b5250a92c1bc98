"""The configuration and the projects that a command is about."""

# ruff: noqa: PLC0415 - what takes long to import is imported when a command runs

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import click

from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from monitor.config.model import Config
    from monitor.domain.project import Project


def load(path: Path) -> Config:
    """The configuration at *path*, its warnings told on stderr. Raises ConfigError."""
    from monitor.config.loading import load_config

    loaded = load_config(path, os.environ)
    for warning in loaded.warnings:
        click.echo(f"{warning} (warning)", err=True)
    return loaded.config


def select(projects: Sequence[Project], pattern: str | None) -> Sequence[Project]:
    """The projects whose name or ARN *pattern* means, all without one. Raises UsageError when it means none."""
    if pattern is None:
        return projects
    chosen = [each for each in projects if fnmatchcase(each.name, pattern) or fnmatchcase(each.arn, pattern)]
    if not chosen:
        names = ", ".join(sorted({each.name for each in projects}))
        raise UsageError(f"no project of the configuration is called {pattern!r}; there are: {names}")
    return chosen
