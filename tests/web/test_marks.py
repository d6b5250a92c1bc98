from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse
from structlog.testing import capture_logs

from monitor.web import build_app
from monitor.web.marks import Marks
from tests.web.serving import make_ports, served

if TYPE_CHECKING:
    import httpx

hello = PlainTextResponse("hello")


def said(client: httpx.Client, text: bytes) -> bytes:
    """What is answered until the connection is closed."""
    assert client.base_url.port is not None
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=30) as wire:
        wire.sendall(text)
        return b"".join(iter(lambda: wire.recv(4096), b""))


def test_a_request_with_a_body_ends_its_connection() -> None:
    """Nobody reads it, so what comes next would be taken for a request; one with an empty body is none."""
    with served(Marks(hello)) as client:
        closed = said(
            client, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\nGET /smuggled HTTP/1.1\r\nHost:"
        )
        kept = client.post("/", content=b"").headers
    assert (1, True, False) == (closed.count(b"HTTP/1.1 "), b"connection: close" in closed, "connection" in kept)


def test_a_body_that_is_none_is_no_fault_of_ours() -> None:
    """uvicorn has refused it before our answer is there."""
    with capture_logs() as entries, served(build_app(make_ports())) as client:
        answer = said(client, b"POST / HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
    assert (b"HTTP/1.1 400 ", []) == (answer[:13], entries)
