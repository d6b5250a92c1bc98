"""When each project was seen, and the history of one version without reading all of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From 0001. The time before this is a gap in every timeline: nobody wrote down when there was somebody to see."""
    op.create_table(
        "watches",
        sa.Column("project_arn", sa.Text, primary_key=True),
        sa.Column("began_at", sa.BigInteger, primary_key=True),
        sa.Column("ended_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_watches_ended_at", "watches", ["ended_at"])
    op.create_index("ix_events_subject", "events", ["subject", "position"])
