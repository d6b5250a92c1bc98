from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from monitor.domain.events import Window, appeared
from monitor.store import schema
from monitor.store.database import Database
from monitor.store.migrations import REVISIONS
from monitor.store.schema import Standing, standing
from monitor.store.tables import METADATA
from monitor.store.text import encode_event
from tests.builders import PROJECT_ARN, at, project, tracked
from tests.store.commits import url_of, walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from monitor.store import Store


def test_the_list_of_revisions_is_what_alembic_finds() -> None:
    """A start reads the list, so that it need not import alembic."""
    config = Config()
    config.set_main_option("script_location", "monitor.store:migrations")
    config.set_main_option("path_separator", "os")
    found = ScriptDirectory.from_config(config).walk_revisions()
    assert list(REVISIONS) == [script.revision for script in found][::-1]


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_is_brought_to_the_tables_of_this_version(
    path: Path, opened: Callable[[], Store], revision: str
) -> None:
    """From each older database on, and it works."""
    database = Database(path, busy_timeout=timedelta(seconds=1))
    with database.write() as connection:
        schema.upgrade(connection, revision)
    walk(opened(), "STOPPED", "STARTING")
    with database.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
    database.close()
    assert ([], 1) == (differences, len(opened().events()))


def test_what_the_first_version_stored_is_there_after_the_upgrade(path: Path, opened: Callable[[], Store]) -> None:
    """Its history and its outbox, which the new queries find too; when projects were seen begins now."""
    database = Database(path, busy_timeout=timedelta(seconds=1))
    with database.write() as connection:
        schema.upgrade(connection, "0001")
    database.close()
    event = appeared(project(), tracked(), Window(after=at(-1), by=at()))
    told = (1, event.id, event.type, 1, event.source, event.subject, event.project_name, 0)
    delivery = (1, "log", event.subject, "pending", 0, 0, 0, None, None)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*told, encode_event(event.document)))
        file.execute("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", delivery)
    store = opened()
    assert ([event.id], [event.id], {PROJECT_ARN: []}) == (
        [message.id for message in store.records.about(event.subject, limit=9)],
        [receipt.event_id for receipt in store.records.receipts(event.subject, limit=9)],
        store.records.watches([PROJECT_ARN], at(-99)),
    )


def test_a_new_database_has_the_tables_of_this_version(store: Store, path: Path) -> None:
    """Partial indexes too, which alembic does not compare."""
    walk(store, "STOPPED")
    migrated, direct = (Database(each, busy_timeout=timedelta(seconds=1)) for each in (path, path.with_name("x.db")))
    with direct.write() as connection:
        METADATA.create_all(connection)
    assert _indexes(direct) == _indexes(migrated)


@pytest.mark.parametrize(
    ("tables", "stored", "expected"),
    [
        ([], None, Standing.EMPTY),
        (["alembic_version"], None, Standing.EMPTY),
        (["bookmarks"], None, Standing.FOREIGN),
        (["alembic_version", "events"], "a", Standing.OLDER),
        (["alembic_version", "events"], "b", Standing.CURRENT),
        (["alembic_version", "events"], "c", Standing.NEWER),
    ],
)
def test_how_a_database_stands(tables: list[str], stored: str | None, expected: Standing) -> None:
    """To a program that knows the revisions a and b."""
    assert expected is standing(tables, stored, ("a", "b"))


def test_an_up_to_date_database_is_opened_without_alembic(store: Store, path: Path) -> None:
    """Importing it costs a start more than the rest of the opening."""
    walk(store, "STOPPED")
    program = (
        "import sys; from datetime import datetime, UTC; from monitor.store import Store\n"
        "Store.open(sys.argv[1], clock=lambda: datetime.now(UTC)).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, url_of(path)], capture_output=True, text=True, check=True)
    assert "False" == done.stdout.strip()


def _indexes(database: Database) -> dict[str, str]:
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL")
        found = {row.name: " ".join(row.sql.replace("deliveries.", "").split()) for row in rows}
    database.close()
    return found
