"""What an HTTP answer says of a delivery. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from monitor.domain.text import visible
from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_LINE: Final = 200
"""Characters of an answer that are kept in an error."""

_DIGITS: Final = 9
"""Of a Retry-After in seconds; more would be over thirty years."""

_SHORTEST_SECRET: Final = 4
"""Characters; a header's value like `1` is no secret, and masking it would spoil the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back.

    Attributes:
        retry_after: The header of that name, as it was written.
        line: The first line of the body that is not empty, as far as it is kept.
    """

    status: int
    retry_after: str | None = None
    line: str = ""


def judge(answer: Answer, where: str, now: datetime) -> DeliveryError | None:
    """None when *answer* accepts; else why not, and how to go on.

    Args:
        answer: The far end's.
        where: The far end, as the error calls it.
        now: For a Retry-After that is a date.
    """
    status = answer.status
    if 200 <= status < 300:  # noqa: PLR2004 - the class of status codes (RFC 9110, section 15)
        return None
    said = f"{where} answered {_named(status)}" + (f": {answer.line}" if answer.line else "")
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        reason = "throttled" if status == HTTPStatus.TOO_MANY_REQUESTS else "server_error"
        return DeliveryError(said, reason=reason, retry_after=seconds_until(answer.retry_after, now))
    if status == HTTPStatus.GONE:
        hint = "the receiver wants nothing more, so nothing is sent there until the configuration is loaded again"
        return DeliveryError(f"{said}; {hint}", reason="gone", stop=True)
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return DeliveryError(said, reason="timed_out")
    return _refused(status, said)


def _refused(status: int, said: str) -> DeliveryError:
    if 300 <= status < 400:  # noqa: PLR2004 - as above
        hint = "redirects are not followed: configure the final address"
        return DeliveryError(f"{said}; {hint}", reason="redirected", permanent=True)
    if 400 <= status < 500:  # noqa: PLR2004 - as above
        return DeliveryError(said, reason="rejected", permanent=True)
    return DeliveryError(said, reason="server_error")


def seconds_until(retry_after: str | None, now: datetime) -> float | None:
    """The wait that a Retry-After asks for (RFC 9110, section 10.2.3), a date or seconds; None for anything else."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:_DIGITS]) if len(text) <= _DIGITS else float(10**_DIGITS)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # "-0000" is UTC too
    return max(0.0, (aware - now).total_seconds())


def first_line(body: bytes, secrets: Iterable[str] = ()) -> str:
    """The first line of *body* with anything on it, what cannot be seen escaped, and *secrets* masked."""
    lines = (line.strip() for line in body.decode("utf-8", "replace").splitlines())
    line = next(filter(None, lines), "")
    for secret in secrets:
        line = line.replace(secret, "***") if len(secret) >= _SHORTEST_SECRET else line
    shown = visible(line)
    return shown if len(shown) <= MAX_LINE else shown[:MAX_LINE] + "…"


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
