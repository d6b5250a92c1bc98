"""What discovery found last in each account and region."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """From 0002."""
    op.create_table(
        "censuses",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("features", sa.Text, nullable=False),
        sa.Column("taken_at", sa.BigInteger, nullable=False),
        sa.Column("residents", sa.Text, nullable=False),
    )
