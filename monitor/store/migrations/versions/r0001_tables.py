"""Make the tables.

Written out rather than taken from `monitor.store.tables`, which goes on changing; this does not.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing."""
    _snapshots()
    _counters()
    _history()
    _outbox()


def _snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("project_arn", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("blind_before", sa.BigInteger),
    )
    op.create_table(
        "versions",
        sa.Column("project_arn", sa.Text, sa.ForeignKey("snapshots.project_arn", ondelete="CASCADE"), primary_key=True),
        sa.Column("version_arn", sa.Text, primary_key=True),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("status_since", sa.BigInteger, nullable=False),
        sa.Column("at_least", sa.Boolean, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("missed_listings", sa.Integer),
        sa.Column("last_seen", sa.BigInteger),
    )
    op.create_table(
        "gone_versions",
        sa.Column("project_arn", sa.Text, sa.ForeignKey("snapshots.project_arn", ondelete="CASCADE"), primary_key=True),
        sa.Column("version_arn", sa.Text, primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
    )


def _counters() -> None:
    op.create_table(
        "transitions",
        sa.Column("project_arn", sa.Text, primary_key=True),
        sa.Column("from_status", sa.Text, primary_key=True),
        sa.Column("to_status", sa.Text, primary_key=True),
        sa.Column("total", sa.Integer, nullable=False),
    )
    op.create_table(
        "streaks",
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("since", sa.BigInteger),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
    )


def _history() -> None:
    op.create_table(
        "events",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("project_name", sa.Text),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_time", "events", ["time"])


def _outbox() -> None:
    op.create_table(
        "deliveries",
        sa.Column("position", sa.Integer, sa.ForeignKey("events.position", ondelete="CASCADE"), primary_key=True),
        sa.Column("sink", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("stored_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("error", sa.Text),
    )
    pending = sa.text("state = 'pending'")
    op.create_index(
        "ix_deliveries_pending_order",
        "deliveries",
        ["sink", "position"],
        sqlite_where=pending,
        postgresql_where=pending,
    )
    op.create_index(
        "ix_deliveries_pending_subject",
        "deliveries",
        ["sink", "subject", "position"],
        sqlite_where=pending,
        postgresql_where=pending,
    )
