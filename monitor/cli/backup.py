"""`backup` and `restore`: the database as one file."""

# ruff: noqa: PLC0415 - what takes long to import is imported when the command runs

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.loading import load
from monitor.cli.options import config_option, examples


@click.command(epilog=examples("rekognition-monitor backup /var/backups/rekognition-monitor-$(date +%F).db"))
@config_option()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
def backup(config_path: Path, target: Path) -> None:
    """Copy the database to FILE, also while the daemon runs.

    FILE is the database as it is at one moment, and was checked. It must not be there yet.
    """
    from monitor.service.backup import back_up

    back_up(load(config_path), target)
    click.echo(f"{target}: {target.stat().st_size:,} bytes")


@click.command(
    epilog=examples(
        "systemctl stop rekognition-monitor",
        "rekognition-monitor restore /var/backups/rekognition-monitor-2026-11-21.db",
        "systemctl start rekognition-monitor",
    )
)
@config_option()
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
def restore(config_path: Path, source: Path) -> None:
    """Put FILE, made by `backup`, in the place of the database, which is kept beside it.

    The daemon must not run. It sees then how things have changed since the backup was made, and tells that, although it
    may have been told before; a sink that knows the id of an event may take the new one for it.
    """
    from monitor.service.backup import restore as put_back

    kept = put_back(load(config_path), source)
    click.echo("restored" + (f"; the database before is now {kept}" if kept else ""))
