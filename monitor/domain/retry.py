"""When a delivery that failed is tried again, and when it is given up.

Capped exponential backoff with full jitter: the wait is drawn evenly from nothing up to the cap, so that the
deliveries that failed together do not come back together (AWS Architecture Blog, "Exponential Backoff And Jitter").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How long a sink's deliveries are tried.

    Attributes:
        base: The cap of the first wait; doubled with each attempt.
        cap: The longest wait.
        max_attempts: Given up after this many.
        max_age: Given up when older than this, counted from when the event was stored.
    """

    base: timedelta = timedelta(seconds=1)
    cap: timedelta = timedelta(minutes=5)
    max_attempts: int = 100
    max_age: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Try again, not before this time."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The delivery is dead, and why."""

    why: str


def after_failure(
    policy: RetryPolicy,
    *,
    attempts: int,
    stored_at: datetime,
    now: datetime,
    chance: float,
    permanent: bool = False,
    retry_after: float | None = None,
) -> RetryAt | GiveUp:
    """What becomes of a delivery that has just failed.

    Args:
        policy: The sink's.
        attempts: Made so far, this one included.
        stored_at: When the event was stored.
        now: The time.
        chance: A number from 0 to 1, drawn for this call.
        permanent: The sink said that trying again cannot help.
        retry_after: Seconds that the far end asked for; the wait is at least that long, up to the policy's `max_age`.
    """
    if permanent:
        return GiveUp("refused for good")
    if attempts >= policy.max_attempts:
        return GiveUp(f"given up after {attempts} attempts")
    if now - stored_at >= policy.max_age:
        return GiveUp(f"given up at the age of {policy.max_age}")
    longest = min(policy.cap, policy.base * (1 << min(attempts - 1, 32)))
    asked = min(policy.max_age.total_seconds(), retry_after or 0)  # in this order, so that NaN loses too
    return RetryAt(now + max(longest * chance, timedelta(seconds=asked)))
