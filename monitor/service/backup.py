"""Copies of a configuration's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor import store

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.config.model import Config


def back_up(config: Config, target: Path) -> None:
    """Copy the database of *config* to *target*; see `monitor.store.backup`."""
    store.back_up(config.state.url, target)


def restore(config: Config, source: Path) -> Path | None:
    """Put *source* in its place; where it is now, if there was one; see `monitor.store.backup`."""
    return store.restore(config.state.url, source)
