from __future__ import annotations

import socket
import threading
from contextlib import closing
from gzip import compress
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.responses import PlainTextResponse, Response

from monitor.errors import ListenError
from monitor.web import WebServer, build_app
from tests.web.serving import make_ports, served

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

hello = PlainTextResponse("hello")


def test_answers_as_soon_as_it_has_started() -> None:
    """After `start` a request is answered at the URL."""
    with served(hello) as client:
        assert "hello" == client.get("/").text


def test_does_not_name_its_software() -> None:
    """No header says what serves."""
    with served(hello) as client:
        assert "server" not in client.get("/").headers


def test_taken_address_is_refused_before_the_start() -> None:
    """Two servers cannot have one address: the second is refused when it is made."""
    first = WebServer(hello, "127.0.0.1:0")
    with pytest.raises(ListenError):
        WebServer(hello, first.url.removeprefix("http://"))
    first.stop()


def test_stop_without_start_gives_the_address_back() -> None:
    """A server that was never started frees its address."""
    first = WebServer(hello, "127.0.0.1:0")
    assert first.stop()
    second = WebServer(hello, first.url.removeprefix("http://"))
    second.stop()


def test_stop_closes_connections_that_wait_for_a_request() -> None:
    """A client that keeps its connection open does not delay the stop."""
    server = WebServer(hello, "127.0.0.1:0")
    server.start()
    with httpx.Client(base_url=server.url, timeout=60) as client:
        client.get("/")
        assert server.stop(timeout=30)


def test_stop_lets_a_running_answer_end() -> None:
    """An answer that is under way when the server stops is given."""
    asked, go_on = threading.Event(), threading.Event()

    def metrics(_accept: str, *, gzip: bool) -> tuple[list[bytes], str]:
        asked.set()
        go_on.wait(30)
        return [compress(b"late\n") if gzip else b"late\n"], "text/plain"

    server = WebServer(build_app(make_ports(metrics=metrics)), "127.0.0.1:0")
    server.start()
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(httpx.get(f"{server.url}/metrics", timeout=30).text))
    asking.start()
    asked.wait(30)
    stopping = threading.Thread(target=server.stop, args=(30,))
    stopping.start()
    go_on.set()
    stopping.join(30)
    asking.join(30)
    assert ["late\n"] == answers


def test_stop_cuts_off_a_reader_that_does_not_read() -> None:
    """A client that asks for much and reads nothing is cut off after the time that it was given."""
    writing = threading.Event()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        writing.set()
        await Response(b"x" * 50_000_000)(scope, receive, send)

    server = WebServer(endless, "127.0.0.1:0")
    server.start()
    host, _, port = server.url.removeprefix("http://").partition(":")
    with closing(socket.create_connection((host, int(port)))) as reader:
        reader.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        writing.wait(30)
        assert not server.stop(timeout=0.3)
    WebServer(hello, f"{host}:{port}").stop()
