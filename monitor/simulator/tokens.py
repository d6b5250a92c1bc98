"""Pagination tokens: opaque, bound to the listing that they continue, and good for a while only."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import blake2b
from hmac import compare_digest
from secrets import token_bytes
from typing import TYPE_CHECKING

from monitor.simulator.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

_DIGEST = 16
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins.

    An offset: what comes or goes in between shifts the pages, so that a version is seen twice or not at all. AWS does
    not promise a snapshot either.
    """

    offset: int = 0
    page: int = 1


class Tokens:
    """Issues tokens and reads them. Its key is its own: a simulator that was started again refuses older tokens."""

    def __init__(self, life: timedelta, monotonic: Callable[[], float]) -> None:
        self._life = life.total_seconds()
        self._monotonic = monotonic
        self._key = token_bytes(32)

    def issue(self, listing: str, position: Position) -> str:
        content = f"{position.offset} {position.page} {self._monotonic()}".encode()
        return urlsafe_b64encode(self._digest(listing, content) + content).decode()

    def read(self, listing: str, token: str | None) -> Position:
        """The position of *token*, the beginning without one; raises Refusal if it is not for *listing*, or too old."""
        if not token:
            return Position()
        digest, content = _parts(token)
        if not compare_digest(digest, self._digest(listing, content)):
            raise Refusal("InvalidPaginationTokenException")
        offset, page, issued = content.split()
        if self._monotonic() - float(issued) >= self._life:
            raise Refusal("InvalidPaginationTokenException", "Invalid Pagination Token: it has expired")
        return Position(int(offset), int(page))

    def page(self, token: object) -> int:
        """The page that *token* says it is for, unchecked; the first when it says nothing."""
        try:
            return int(_parts(str(token or ""))[1].split()[1])
        except (Refusal, ValueError, IndexError):
            return 1

    def _digest(self, listing: str, content: bytes) -> bytes:
        return blake2b(content + listing.encode(), key=self._key, digest_size=_DIGEST).digest()


def _parts(token: str) -> tuple[bytes, bytes]:
    try:
        raw = urlsafe_b64decode(token.encode())
    except ValueError as error:
        raise Refusal("InvalidPaginationTokenException") from error
    return raw[:_DIGEST], raw[_DIGEST:]
