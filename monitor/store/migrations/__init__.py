"""The revisions of the tables, oldest first.

The list stands here so that a start need not import alembic to learn that there is nothing to do; a test compares it
with what alembic finds in `versions`.
"""

from __future__ import annotations

from typing import Final

REVISIONS: Final = ("0001", "0002", "0003")
