"""What a sink's worker asks of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from monitor.domain.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Which deliveries are wanted.

    Attributes:
        now: What is due by then.
        limit: At most so many.
        besides: Not about these subjects: the worker has some of theirs in hand.
        urgent: Only about subjects of which something of this severity or a higher one waits, and then whatever waits
            before it too, so that order holds. None for all.
        heads_only: Of each subject only the first that is pending; else what is due behind it as well, in order.
    """

    now: datetime
    limit: int
    besides: Collection[str] = ()
    urgent: Severity | None = None
    heads_only: bool = False
