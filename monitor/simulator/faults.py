"""Faults to make: what goes wrong, with which requests, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from fnmatch import fnmatchcase
from random import Random
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from monitor.simulator.durations import Duration  # noqa: TC001 - pydantic reads it at run time

if TYPE_CHECKING:
    from collections.abc import Iterable


class FaultKind(Enum):
    ERROR = "error"  # AWS's error `code`, with `status` and `message`
    LATENCY = "latency"  # the right answer, `delay` late; adds to another fault
    RESET = "reset"  # the connection is reset (TCP RST) instead of an answer
    HANG = "hang"  # no answer; the connection is closed after `delay`, or never
    TRUNCATED = "truncated"  # half of the body, then the connection is closed
    EMPTY = "empty"  # 200, no body
    NO_CONTENT = "no_content"  # 204
    HTML = "html"  # a page of HTML, 200 or `status`
    NOT_JSON = "not_json"  # a body that breaks off within its Content-Length
    WRONG_JSON = "wrong_json"  # `[1]`
    MISSING_LIST = "missing_list"  # `{}`
    NULL_LIST = "null_list"  # the list is null
    STRING_LIST = "string_list"  # the list is a text
    NULL_ITEM = "null_item"  # the first item is null
    MISSING_ARN = "missing_arn"  # the first item has no ARN
    BAD_TIMESTAMP = "bad_timestamp"  # the first item's creation is a text
    REPEATED_TOKEN = "repeated_token"  # noqa: S105 - the token of the request comes back
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - InvalidPaginationTokenException


class Fault(BaseModel):
    """One fault, with the requests that it strikes. Every condition that is given must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    kind: FaultKind
    code: str | None = None
    """For `error`: any word; the known ones get AWS's own HTTP status and text."""
    message: str | None = None
    status: int | None = Field(default=None, ge=200, le=599)
    """The HTTP status, for `error` and `html`."""
    delay: Duration | None = None
    """For `latency` and `hang`: real time, whatever the simulator's speed."""

    operation: str | None = None
    project: str | None = None
    """A pattern (`*`, `?`) for the project's name or its ARN."""
    page: int | None = Field(default=None, ge=1)
    account: str | None = None
    region: str | None = None
    access_key: str | None = None

    from_: Duration = Field(default=timedelta(), alias="from")
    """Since the simulator's start, at its speed."""
    until: Duration | None = None
    every: int = Field(default=1, ge=1)
    """Only each so-many-th of the requests that match."""
    rate: float = Field(default=1.0, gt=0, le=1)
    """The probability, drawn with `seed`."""
    seed: int = 0
    count: int | None = Field(default=None, ge=1)
    """At most so many times."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind is FaultKind.ERROR and self.code is None:
            raise ValueError("a fault of kind `error` needs a `code`, such as ThrottlingException")
        if self.kind is FaultKind.LATENCY and self.delay is None:
            raise ValueError("a fault of kind `latency` needs a `delay`, such as 2s")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is known of a request before it is answered."""

    operation: str
    project_arn: str | None
    page: int | None
    account: str
    region: str
    access_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mischief:
    """What to do to one answer: wait, and at most one thing more."""

    delay: timedelta = timedelta()
    fault: Fault | None = None


@dataclass(slots=True)
class _Armed:
    fault: Fault
    random: Random
    matched: int = 0
    struck: int = 0

    def strikes(self, aim: Aim, elapsed: timedelta) -> bool:
        if not _matches(self.fault, aim) or not _on_time(self.fault, elapsed):
            return False
        self.matched += 1
        drawn = self.random.random() < self.fault.rate
        spent = self.fault.count is not None and self.struck >= self.fault.count
        strikes = drawn and not spent and self.matched % self.fault.every == 0
        self.struck += strikes
        return strikes


@dataclass(slots=True)
class Faults:
    """The faults that are armed, in the order in which they were added: the first that strikes, strikes alone."""

    _armed: list[_Armed] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def add(self, fault: Fault | FaultKind | str, **conditions: Any) -> Fault:
        """Arms a fault: a whole one, or a kind and the keys that a scenario's `faults` take (`from_` for `from`).

        Raises pydantic.ValidationError, which is a ValueError, for a key or a value that a scenario could not have.
        """
        whole = fault if isinstance(fault, Fault) else Fault.model_validate({"kind": fault, **conditions})
        with self._lock:
            self._armed.append(_Armed(whole, Random(whole.seed)))
        return whole

    def add_all(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.add(fault)

    def remove(self, fault: Fault) -> None:
        """Disarms *fault*; does nothing when it is not armed."""
        with self._lock:
            self._armed = [armed for armed in self._armed if armed.fault is not fault]

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def choose(self, aim: Aim, elapsed: timedelta) -> Mischief:
        """What strikes this request; *elapsed* is since the simulator's start, at its speed."""
        with self._lock:
            late = [a for a in self._armed if a.fault.kind is FaultKind.LATENCY and a.strikes(aim, elapsed)]
            others = (a for a in self._armed if a.fault.kind is not FaultKind.LATENCY)
            struck = next((a.fault for a in others if a.strikes(aim, elapsed)), None)
        delay = sum((a.fault.delay for a in late if a.fault.delay), timedelta())
        return Mischief(delay=delay, fault=struck)


def _on_time(fault: Fault, elapsed: timedelta) -> bool:
    return fault.from_ <= elapsed and (fault.until is None or elapsed < fault.until)


def _matches(fault: Fault, aim: Aim) -> bool:
    exact = (
        (fault.operation, aim.operation),
        (fault.page, aim.page),
        (fault.account, aim.account),
        (fault.region, aim.region),
        (fault.access_key, aim.access_key),
    )
    return all(wanted is None or wanted == actual for wanted, actual in exact) and _is_project(
        fault.project, aim.project_arn
    )


def _is_project(pattern: str | None, arn: str | None) -> bool:
    if pattern is None or arn is None:
        return pattern is None
    name = arn.split(":project/")[-1].split("/")[0]
    return fnmatchcase(name, pattern) or fnmatchcase(arn, pattern)
