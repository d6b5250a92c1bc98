"""What alembic runs for each command. Whoever calls has begun the transaction and hands its connection over."""

from __future__ import annotations

from alembic import context

from monitor.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,  # true of SQLite where, as here, the driver does not commit before a DDL statement
)
context.run_migrations()
