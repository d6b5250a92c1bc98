"""Basic authentication (RFC 7617) against bcrypt hashes.

bcrypt is slow on purpose, and a scraper comes every few seconds: passwords that were right are remembered, as digests
under a key of this process. Those that were wrong are not, so each guess costs its time, and one for a user that there
is not costs the same.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import anyio
import bcrypt

if TYPE_CHECKING:
    from collections.abc import Mapping

_REMEMBERED: Final = 128
"""Digests of right passwords. Each request is compared with all: 30 µs, however many there are."""

_LONGEST: Final = 72
"""Bytes of a password that bcrypt looks at."""

_AT_ONCE: Final = 1
_WAITING: Final = 16
"""Passwords that wait for their turn, a second's worth; those that come then are turned away."""
_WAITING_EACH: Final = 4
"""Of them, from one address: who guesses takes no other's place."""


class TooManyError(Exception):
    """So many passwords are being checked that this one is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What somebody says who it is."""

    user: str
    password: bytes


def credentials_of(header: str | None) -> Credentials | None:
    """What an Authorization header says; None for none, and for what is no basic authentication."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = b64decode(encoded.strip(), validate=True).partition(b":")
        return Credentials(user=user.decode(), password=password) if colon else None
    except ValueError:  # binascii.Error is one, and so is that of a text which is not ASCII
        return None


class Passwords:
    """Checks them, and remembers those that were right."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._right: deque[bytes] = deque(maxlen=_REMEMBERED)
        self._turn = anyio.CapacityLimiter(_AT_ONCE)
        self._waiting: Counter[str] = Counter()

    async def accept(self, given: Credentials, users: Mapping[str, str], address: str) -> bool:
        """Whether they are those of one of *users*. Raises TooManyError.

        Args:
            given: What somebody says.
            users: bcrypt hashes, one at least.
            address: Who asks.
        """
        known = given.user in users
        expected = users[given.user] if known else self._stand_in(given.user, users)
        digest = self._digest(given, expected)
        if self._remembered(digest):
            return known
        right = await self._check(given.password, expected, address) and known
        if right:
            self._right.append(digest)
        return right

    async def _check(self, password: bytes, expected: str, address: str) -> bool:
        if self._waiting.total() >= _WAITING or self._waiting[address] >= _WAITING_EACH:
            raise TooManyError
        self._waiting[address] += 1
        try:
            return await anyio.to_thread.run_sync(_matches, password, expected, limiter=self._turn)
        finally:
            self._waiting[address] -= 1
            self._waiting += Counter()  # drops those that are 0

    def _remembered(self, digest: bytes) -> bool:
        """Compares with every one, to the end, whether or not one is found."""
        found = False
        for right in self._right:
            found |= hmac.compare_digest(right, digest)
        return found

    def _digest(self, given: Credentials, expected: str) -> bytes:
        """Of a user, the password and the hash it is for: a changed password is not remembered as the old one."""
        parts = (given.user.encode(), expected.encode(), given.password)
        return hmac.digest(self._key, b"".join(hashlib.sha256(part).digest() for part in parts), "sha256")

    def _stand_in(self, user: str, users: Mapping[str, str]) -> str:
        """The hash of some user, always the same for one name, so that unknown users take as long as known ones."""
        chosen = int.from_bytes(hmac.digest(self._key, user.encode(), "sha256")) % len(users)
        return sorted(users.values())[chosen]


def _matches(password: bytes, expected: str) -> bool:
    """Leaves the other threads the interpreter while it computes."""
    return bcrypt.checkpw(password[:_LONGEST], expected.encode())
