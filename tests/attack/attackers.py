"""Those who attack: `python -m tests.attack.attackers KIND URL SECONDS`, in a process of their own, so that what they
cost is not the monitor's. Prints what came of it as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import ssl
import sys
from base64 import b64encode
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tests.attack.malformed import TARGETED, garbled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

_AGAIN: Final = 1.0
"""Seconds until somebody who was cut off comes back."""
_CONNECTIONS: Final = 50
"""Of those who ask a thousand times a second."""
_HELLO: Final = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100)
"""The first of the 517 bytes of a TLS handshake."""

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True, kw_only=True)
class Attack:
    """One attack on one address, and what came of it."""

    url: str
    seconds: float
    seen: Counter[str] = field(default_factory=Counter)

    async def connect(self, *, raw: bool = False, **options: object) -> Streams:
        """A connection; *raw* without TLS, whatever the address has."""
        parts = urlsplit(self.url)
        tls = None if raw or parts.scheme == "http" else _trusting()
        self.seen["connections"] += 1
        return await asyncio.open_connection(parts.hostname, parts.port, ssl=tls, **options)  # type: ignore[arg-type]

    async def rounds(self, one: Callable[[], Awaitable[None]], count: int) -> None:
        """*count* who do the same again and again, until the time is over."""

        async def again() -> None:
            await asyncio.sleep(random.random())  # not all in one instant
            while True:
                with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                    await one()
                await asyncio.sleep(_AGAIN)

        with suppress(TimeoutError):
            async with asyncio.timeout(self.seconds):
                await asyncio.gather(*(again() for _ in range(count)))


async def silent(attack: Attack) -> None:
    """500 connections that send nothing."""

    async def one() -> None:
        reader, writer = await attack.connect(raw=True)
        await reader.read()
        writer.close()

    await attack.rounds(one, 500)


async def trickling(attack: Attack) -> None:
    """500 connections that send a byte a second."""

    async def one() -> None:
        reader, writer = await attack.connect(raw=True)
        for byte in b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"x" * 10_000:
            writer.write(bytes([byte]))
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    if not await reader.read(1):
                        break
        writer.close()

    await attack.rounds(one, 500)


async def handshaking(attack: Attack) -> None:
    """500 TLS handshakes that never finish."""

    async def one() -> None:
        reader, writer = await attack.connect(raw=True)
        writer.write(_HELLO)
        await reader.read()
        writer.close()

    await attack.rounds(one, 500)


async def slow_reading(attack: Attack) -> None:
    """50 who ask for /metrics, uncompressed, and read a kilobyte a second."""

    async def one() -> None:
        reader, writer = await attack.connect(limit=1024)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        writer.write(_request("/metrics"))
        while await reader.read(1024):  # noqa: ASYNC110 - it is the reading that has to be slow
            await asyncio.sleep(1)
        writer.close()

    await attack.rounds(one, 50)


async def asking_little(attack: Attack) -> None:
    """1,000 requests a second for what is small."""
    await _flood(attack, "/-/healthy", "/-/ready", "/nowhere", "/api/v2")


async def asking_all(attack: Attack) -> None:
    """1,000 requests a second for everything there is."""
    await _flood(attack, "/", "/metrics", "/-/healthy", "/api/v1/projects", "/api/v1/versions", "/api/v1/events")


async def guessing(attack: Attack) -> None:
    """1,000 requests a second with wrong passwords."""
    await _flood(attack, "/metrics", guessed=True)


async def garbling(attack: Attack) -> None:
    """20 who send what is no request, as fast as they can."""

    chance = random.Random()

    async def one() -> None:
        reader, writer = await attack.connect()
        writer.write(chance.choice(TARGETED) if chance.random() < 0.5 else garbled(chance))
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                attack.seen[(await reader.read(12))[9:].decode(errors="replace") or "cut"] += 1
        writer.close()

    await attack.rounds(one, 20)


async def _flood(attack: Attack, *paths: str, guessed: bool = False) -> None:
    """1,000 a second, or as many as are answered, over connections that are kept."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    every = _CONNECTIONS / 1000

    async def one() -> None:
        reader, writer = await attack.connect(limit=2**20)
        due = loop.time()
        try:
            while loop.time() < start + attack.seconds:
                guess = {"Authorization": f"Basic {_guess()}"} if guessed else {}
                writer.write(_request(random.choice(paths), **guess))
                attack.seen[await _answer(reader)] += 1
                due = max(due + every, loop.time() - 1)
                await asyncio.sleep(due - loop.time())
        finally:
            writer.close()

    await attack.rounds(one, _CONNECTIONS)


def _request(path: str, **headers: str) -> bytes:
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{fields}\r\n".encode()


def _guess() -> str:
    return b64encode(f"{random.choice(['alice', 'bob'])}:{random.random()}".encode()).decode()


async def _answer(reader: asyncio.StreamReader) -> str:
    """The status; the body is read to its end."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
    left = int(length.partition(b":")[2])
    while left > 0:
        piece = await reader.read(min(left, 2**18))
        if not piece:
            return "cut"
        left -= len(piece)
    return head[9:12].decode()


@cache
def _trusting() -> ssl.SSLContext:
    """One for all: each costs as much as a hundred handshakes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


KINDS: Final[Mapping[str, Callable[[Attack], Awaitable[None]]]] = {
    each.__name__: each
    for each in (silent, trickling, handshaking, slow_reading, asking_little, asking_all, guessing, garbling)
}


async def _to_the_end(kind: Callable[[Attack], Awaitable[None]], attack: Attack) -> None:
    await kind(attack)


def main(kind: str, url: str, seconds: str) -> None:
    """Attack."""
    attack = Attack(url=url, seconds=float(seconds))
    asyncio.run(_to_the_end(KINDS[kind], attack))
    print(json.dumps(attack.seen))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
