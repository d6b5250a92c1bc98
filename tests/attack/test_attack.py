"""The attack, in short: what `make attack` does for minutes, on an application over parts that a test chooses."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from monitor.web import WebServer, build_app
from monitor.web.connections import MOST
from tests.attack.malformed import TARGETED, garbled
from tests.attack.target import Footprint
from tests.service.rig import wait_until
from tests.web.serving import make_ports

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS: Final = [bytes([65 + number % 26]) * 256 * 1024 for number in range(115)]
"""30 MB, in parts as large as the exposition's blocks."""

_ASK: Final = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Of a server whose /metrics is large, unless it is wanted compressed."""

    def metrics(_accept: str, *, gzip: bool) -> tuple[list[bytes], str]:
        return ([b"small"] if gzip else PARTS), "text/plain"

    server = WebServer(build_app(make_ports(metrics=metrics)), "127.0.0.1:0")
    server.start()
    yield server.url
    server.stop(timeout=10)


def connect(url: str) -> socket.socket:
    where = httpx.URL(url)
    return socket.create_connection((where.host, where.port or 0), timeout=30)


def scrape(url: str) -> bytes:
    """On a connection of its own."""
    with closing(connect(url)) as wire:
        wire.sendall(_ASK[:-2] + b"Accept-Encoding: gzip\r\nConnection: close\r\n\r\n")
        return b"".join(iter(lambda: wire.recv(65536), b""))


def closed(wire: socket.socket) -> bool:
    """Whether the far end has closed it, having said nothing."""
    wire.settimeout(0)
    try:
        return not wire.recv(1)
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_silent_connections_keep_nobody_out(url: str) -> None:
    """Of 500 the oldest are cut, and a scrape is answered among them; others that come later are as well."""
    with ExitStack() as stack:
        silent = [stack.enter_context(closing(connect(url))) for _ in range(500)]
        for wire in silent[::2]:
            with suppress(OSError):  # cut off already
                wire.sendall(b"G")
        answer = scrape(url)
        wait_until(lambda: sum(map(closed, silent)) >= len(silent) - MOST)
    assert answer.endswith(b"small")


def test_slow_readers_share_what_they_read(url: str) -> None:
    """50 of 30 MB cost a few megabytes: what they have not read is there once. A scrape is answered beside them."""
    before = Footprint.of(os.getpid()).resident
    with ExitStack() as stack:
        for _ in range(50):
            wire = stack.enter_context(closing(connect(url)))
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            wire.sendall(_ASK)
            wire.recv(1024)
        answer = scrape(url)
        grown = Footprint.of(os.getpid()).resident - before
    assert (True, True) == (answer.endswith(b"small"), grown < 100)


def say(url: str, text: bytes) -> bytes:
    """Send *text* and nothing more; gives what is answered."""
    answer = b""
    with closing(connect(url)) as wire, suppress(ConnectionError):
        wire.sendall(text)
        wire.shutdown(socket.SHUT_WR)
        while piece := wire.recv(65536):
            answer += piece
    return answer


@pytest.mark.parametrize("text", TARGETED)
def test_what_is_no_request_is_refused(url: str, text: bytes) -> None:
    """Or not answered at all; never with a fault of the program."""
    with capture_logs() as entries:
        answer = say(url, text)
    assert ([], True) == (entries, answer == b"" or answer[:10] in (b"HTTP/1.1 2", b"HTTP/1.1 4"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.binary(max_size=300) | st.randoms(use_true_random=False).map(garbled))
def test_any_bytes_are_borne(url: str, text: bytes) -> None:
    """Whatever comes, the next scrape is answered."""
    with capture_logs() as entries:
        say(url, text)
    assert [] == entries


def test_afterwards_all_is_as_before(url: str) -> None:
    """No connection is left over, and a scrape is answered."""
    for _ in range(3):
        assert scrape(url).endswith(b"small")
    descriptors = Footprint.of(os.getpid()).files
    scrape(url)
    wait_until(lambda: Footprint.of(os.getpid()).files <= descriptors)
