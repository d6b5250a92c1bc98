from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import Any

import bcrypt
import pytest

from monitor.web.authentication import Credentials, Passwords, TooManyError, credentials_of

QUICK = 4
"""The least cost that bcrypt has: a millisecond."""


def hashed(password: bytes, cost: int = QUICK) -> str:
    return bcrypt.hashpw(password, bcrypt.gensalt(cost)).decode()


USERS = {"alice": hashed(b"wonderland"), "bob": hashed(b"builder")}


def given(user: str, password: bytes) -> Credentials:
    return Credentials(user=user, password=password)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Basic " + b64encode(b"alice:wonder:land").decode(), given("alice", b"wonder:land")),
        ("basic  " + b64encode("zoë:é".encode()).decode(), given("zoë", "é".encode())),
        ("Basic " + b64encode(b":").decode(), given("", b"")),
        ("Basic " + b64encode(b"no colon").decode(), None),
        ("Basic " + b64encode(b"\xff:x").decode(), None),
        ("Basic ????", None),
        ("Basic \xe9", None),
        ("Bearer abc", None),
        ("", None),
        (None, None),
    ],
)
def test_credentials_are_read(header: str | None, expected: Credentials | None) -> None:
    """As RFC 7617 has them, in UTF-8; what is none is none."""
    assert expected == credentials_of(header)


@pytest.mark.parametrize(
    ("user", "password", "expected"),
    [
        ("alice", b"wonderland", True),
        ("bob", b"builder", True),
        ("alice", b"builder", False),
        ("alice", b"", False),
        ("carol", b"wonderland", False),
        ("", b"", False),
        ("alice", b"wonderland\x00", False),
        ("alice", b"x" * 100, False),
    ],
)
def test_only_a_users_own_password_is_right(user: str, password: bytes, expected: bool) -> None:  # noqa: FBT001
    """The first time and the second, when it may be remembered."""
    passwords = Passwords()

    async def ask() -> list[bool]:
        return [await passwords.accept(given(user, password), USERS, "::1") for _ in range(2)]

    assert [expected, expected] == asyncio.run(ask())


def test_bcrypt_looks_at_72_bytes() -> None:
    """A longer password is right by its beginning, as for htpasswd and Go."""
    users = {"alice": hashed(b"x" * 72)}
    assert asyncio.run(Passwords().accept(given("alice", b"x" * 90), users, "::1"))


def test_a_right_password_is_not_right_after_its_change() -> None:
    """What is remembered is remembered of a hash."""
    passwords = Passwords()

    async def ask() -> list[bool]:
        before = await passwords.accept(given("alice", b"wonderland"), USERS, "::1")
        after = await passwords.accept(given("alice", b"wonderland"), {"alice": hashed(b"other")}, "::1")
        return [before, after]

    assert [True, False] == asyncio.run(ask())


class Counted(Passwords):
    """Counts what bcrypt is asked, and for which hash."""

    def __init__(self) -> None:
        super().__init__()
        self.checked: list[str] = []

    async def _check(self, password: bytes, expected: str, address: str) -> bool:
        self.checked.append(expected)
        return await super()._check(password, expected, address)


def test_a_right_password_is_checked_once() -> None:
    """bcrypt costs a twentieth of a second of a core, and a scraper comes again and again."""
    passwords = Counted()

    async def ask() -> None:
        for _ in range(3):
            await passwords.accept(given("alice", b"wonderland"), USERS, "::1")

    asyncio.run(ask())
    assert [USERS["alice"]] == passwords.checked


def test_wrong_passwords_and_unknown_users_cost_the_same() -> None:
    """Each guess is checked anew, against a hash of the same cost, always the same one for an unknown name."""
    passwords = Counted()

    async def ask() -> None:
        for user in ("alice", "carol", "dave"):
            for _ in range(2):
                await passwords.accept(given(user, b"guess"), USERS, "::1")

    asyncio.run(ask())
    pairs = list(zip(passwords.checked[::2], passwords.checked[1::2], strict=True))
    assert (3, [True] * 3) == (len(pairs), [first == second and first in USERS.values() for first, second in pairs])


def test_who_guesses_a_lot_is_turned_away_and_others_are_not() -> None:
    """A few wait from each address; those remembered wait for nobody."""
    passwords = Passwords()

    async def ask() -> tuple[list[Any], bool, bool]:
        await passwords.accept(given("bob", b"builder"), USERS, "::1")
        guesses = [asyncio.create_task(passwords.accept(given("x", b"y"), USERS, "192.0.2.1")) for _ in range(20)]
        await asyncio.sleep(0)
        remembered = await passwords.accept(given("bob", b"builder"), USERS, "192.0.2.1")
        new = await passwords.accept(given("alice", b"wonderland"), USERS, "192.0.2.2")
        return await asyncio.gather(*guesses, return_exceptions=True), remembered, new

    guessed, remembered, new = asyncio.run(ask())
    turned_away = sum(isinstance(each, TooManyError) for each in guessed)
    assert (16, 4, True, True) == (turned_away, guessed.count(False), remembered, new)
