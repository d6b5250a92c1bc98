"""Which revision a database has, and bringing it to the newest."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from sqlalchemy import column, inspect, select, table

from monitor.errors import StateTooNewError, UsageError
from monitor.store import sqlite
from monitor.store.migrations import REVISIONS
from monitor.store.telling import logger

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from monitor.store.database import Database


class Standing(Enum):
    """How a database stands to this program."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    FOREIGN = "foreign"


def standing(tables: list[str], stored: str | None, known: tuple[str, ...] = REVISIONS) -> Standing:
    """What a database with these *tables* and the *stored* revision is to a program that has the *known* ones."""
    if stored is None:
        return Standing.FOREIGN if set(tables) - {"alembic_version"} else Standing.EMPTY
    if stored not in known:
        return Standing.NEWER
    return Standing.CURRENT if stored == known[-1] else Standing.OLDER


def ensure(database: Database, *, create: bool) -> None:
    """Bring the database to the newest revision, in one transaction; with *create* off, only see that it has it.

    Raises StateTooNewError, StateDamagedError for another program's database, and UsageError where *create* is off and
    the database has not begun or is older: only what also writes migrates.
    """
    with database.read() as connection:
        found = _refuse(database.path, *_read(connection))
    if found is Standing.CURRENT:
        return
    if not create:
        raise UsageError(f"state database {database.path} is {found.value}; start the daemon once, it migrates it")
    with database.write() as connection:
        tables, stored = _read(connection)  # again: another process may have been at it since
        if _refuse(database.path, tables, stored) is not Standing.CURRENT:
            upgrade(connection)
            logger().info("state.migrated", path=str(database.path), before=stored, after=REVISIONS[-1])


def examine(database: Database) -> None:
    """See that this program can use the database, as it is or after a migration. Raises as `ensure` does."""
    with database.read() as connection:
        found = _refuse(database.path, *_read(connection))
    if found is Standing.EMPTY:
        raise UsageError(f"state database {database.path} is empty")


def upgrade(connection: Connection, revision: str = REVISIONS[-1]) -> None:
    """Run the migrations up to *revision* in the connection's transaction."""
    from alembic import command  # noqa: PLC0415 - costs start time, and is seldom needed
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", "monitor.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _read(connection: Connection) -> tuple[list[str], str | None]:
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        return tables, None
    version = table("alembic_version", column("version_num"))
    return tables, connection.scalar(select(version.c.version_num))


def _refuse(path: Path, tables: list[str], stored: str | None) -> Standing:
    found = standing(tables, stored)
    if found is Standing.NEWER:
        raise StateTooNewError(
            f"state database {path} has revision {stored}, this program knows {REVISIONS[-1]} at most;"
            " install the newer version again, or restore a backup from before it"
        )
    if found is Standing.FOREIGN:
        raise sqlite.damaged(path, "it holds another program's tables")
    return found
