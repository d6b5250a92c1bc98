"""What is fetched over the network for one account and kept: its credentials, its id.

One thread at a time fetches, and no lock but that account's is held meanwhile. What ends is fetched again before it
ends, at a time of its own, so that accounts that began together do not come back together. What failed is not tried
again at once: a hundred projects of an account whose role is refused ask STS once, and are told the same.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import structlog
from botocore.exceptions import CredentialRetrievalError

from monitor.aws.trouble import HeldOffError

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)

PATIENCE: Final = 10.0
"""Seconds that a thread waits while another one fetches for the first time, or anew after success. Each waiting thread
is a poll of another account not made, so nobody waits for what has failed before, or has been waited for in vain."""

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 10.0
"""Seconds until it is tried again after a failure, doubled each time. The polls back off by themselves."""

SHARE: Final = 5.0
"""After a failure that took its time, it is left alone for so many times as long: where STS does not answer at all, it
costs a sixth of a thread."""

_EARLIEST, _LATEST = 0.7, 0.9
"""The parts of its life between which it is fetched anew; also what leaves a minute to credentials of ten."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh(Generic[T]):
    """What was fetched; *seconds* is how long it is good for."""

    value: T
    seconds: float = math.inf


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    value: T
    since: float
    renew_at: float
    ends_at: float


@dataclass(frozen=True, slots=True)
class _Failure:
    error: Exception
    pause: float
    again_at: float


class Fetched(Generic[T]):
    """One such thing; thread-safe."""

    def __init__(
        self,
        name: str,
        fetch: Callable[[], Fresh[T]],
        *,
        monotonic: Callable[[], float],
        chance: Callable[[], float],
        patience: float = PATIENCE,
    ) -> None:
        """Nothing is fetched before it is asked for.

        Args:
            name: Of what is fetched, for the log and errors.
            fetch: Fetches it; what it raises is raised again by `get`.
            monotonic: Seconds.
            chance: A number from 0 to 1, another one each time.
            patience: Seconds that a thread waits for another one.
        """
        self._name = name
        self._fetch = fetch
        self._monotonic = monotonic
        self._chance = chance
        self._patience = patience
        self._kept: _Kept[T] | None = None
        self._failure: _Failure | None = None
        self._turn = threading.Lock()
        self._slow = False

    def get(self) -> T:
        """It, fetched when it has to be. Raises what the fetching raises, or HeldOffError with that."""
        kept, now = self._kept, self._monotonic()
        if kept is None or now >= kept.ends_at:
            return self._need()
        if now >= kept.renew_at and not self._held_off():
            self._renew()
        return kept.value

    def drop(self, value: T, *, older_than: float = 0.0) -> None:
        """*value* is of no use any more; nothing happens when another is kept, or it for fewer seconds than that."""
        kept = self._kept
        if kept is not None and kept.value is value and self._monotonic() >= kept.since + older_than:
            self._kept = None

    def clear(self) -> None:
        """Whatever is kept is of no use any more."""
        self._kept = None

    def _need(self) -> T:
        """Nothing good is kept: wait a little for whoever fetches, or fetch."""
        before = self._failure
        if not self._turn.acquire(timeout=0 if self._slow or before else self._patience):
            self._slow = True  # whoever comes now is sent away at once
            if before is not None:
                raise HeldOffError(error=before.error)
            raise CredentialRetrievalError(provider=self._name, error_msg="STS has not answered yet")
        try:
            kept = self._kept
            if kept is not None and self._monotonic() < kept.ends_at:
                return kept.value
            failure = self._held_off()
            if failure is not None:
                raise HeldOffError(error=failure.error)
            return self._refresh()
        finally:
            self._slow = False
            self._turn.release()

    def _renew(self) -> None:
        """Fetch before it ends; who comes meanwhile goes on with what is kept. A failure is tried again, and told."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            kept = self._kept
            if kept is not None and self._monotonic() >= kept.renew_at:
                self._refresh()
        except Exception as error:  # noqa: BLE001 - what is kept is still good: nobody has to be stopped for it
            log.warning("credentials.not_renewed", name=self._name, error=type(error).__name__)
        finally:
            self._turn.release()

    def _refresh(self) -> T:
        began = self._monotonic()
        try:
            fresh = self._fetch()
        except Exception as error:
            self._failure = self._next_failure(error, took=self._monotonic() - began)
            raise
        self._failure = None
        part = _EARLIEST + (_LATEST - _EARLIEST) * self._chance()
        now = self._monotonic()
        self._kept = _Kept(fresh.value, now, now + part * fresh.seconds, now + fresh.seconds)
        return fresh.value

    def _held_off(self) -> _Failure | None:
        failure = self._failure
        return failure if failure is not None and self._monotonic() < failure.again_at else None

    def _next_failure(self, error: Exception, *, took: float) -> _Failure:
        before = self._failure
        pause = min(LONGEST_PAUSE, 2 * before.pause) if before else FIRST_PAUSE
        wait = max(pause, SHARE * took) * (0.75 + 0.5 * self._chance())
        return _Failure(error, pause, self._monotonic() + wait)
