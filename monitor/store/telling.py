"""What the database's keeper writes about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger


def logger() -> FilteringBoundLogger:
    """The logger. structlog takes a tenth of a second to import, and commands that read have nothing to write."""
    import structlog  # noqa: PLC0415 - as above

    log: FilteringBoundLogger = structlog.get_logger("monitor.store")
    return log
