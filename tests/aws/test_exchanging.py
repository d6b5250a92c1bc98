"""monitor.aws.exchanging, against what http.client makes of the same bytes"""

from __future__ import annotations

import socket
from contextlib import closing, contextmanager
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import TYPE_CHECKING, Any

import pytest
from botocore.awsrequest import AWSRequest
from hypothesis import given
from hypothesis import strategies as st

from monitor.aws.exchanging import exchange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.awsrequest import AWSPreparedRequest

SECONDS = 30.0
LONG = b"x" * 150_000

USUAL = {
    "usual": b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 2\r\nx-id: 1\r\n\r\n{}",
    "keep-alive": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}",
    "error": b"HTTP/1.1 400 Bad Request\r\ncontent-length: 3\r\n\r\nbad",
    "no-phrase": b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}",
    "empty": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "long": b"HTTP/1.1 200 OK\r\nContent-Length: 150000\r\n\r\n" + LONG,
    "empty-header": b"HTTP/1.1 200 OK\r\nX-Nothing:\r\nContent-Length:2\r\n\r\n{}",
    "latin": b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\nContent-Length: 2\r\n\r\n{}",
}
UNUSUAL = {
    "close": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
    "pieces": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
    "both": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "no-length": b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\n{}",
    "no-header": b"HTTP/1.1 200 OK\r\n\r\n{}",
    "odd-length": b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}",
    "negative-length": b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
    "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 1\r\n\r\n{}",
    "old": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "continued": b"HTTP/1.1 200 OK\r\nX-Long: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
    "spaced": b"HTTP/1.1 200 OK\r\nX Name: a\r\nContent-Length: 2\r\n\r\n{}",
    "bare-lines": b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
    "half-bare-lines": b"HTTP/1.1 200 OK\nX-A: b\r\nContent-Length: 2\r\n\r\n{}",
    "go-on": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "half-a-head": b"HTTP/1.1 200 OK\r\nContent-",
    "nothing-to-say": b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n",
    "long-head": b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 60_000 + b"\r\nX-B: " + b"b" * 9_000 + b"\r\n\r\n{}",
}
BROKEN = {
    "silence": b"",
    "no-http": b"hello\r\n\r\n",
    "no-status": b"HTTP/1.1 two OK\r\nContent-Length: 2\r\n\r\n{}",
    "large-head": b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 70_000 + b"\r\n\r\n",
    "broken-piece": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{",
}
SHORT = {
    "half-a-body": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
    "half-a-body-and-close": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\n{}",
}


def request(url: str = "http://127.0.0.1:1234/", **headers: str) -> AWSPreparedRequest:
    return AWSRequest("POST", url, headers=headers, data=b'{"a": 1}').prepare()


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Our end of a connection, and the other one, which sends *answer* and then nothing more."""
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1024 * 1024)
        end.settimeout(SECONDS)
    with ours, theirs:
        theirs.sendall(answer)
        theirs.shutdown(socket.SHUT_WR)
        yield ours, theirs


def exchanged(answer: bytes) -> tuple[int, list[tuple[str, str]], bytes, bool]:
    with answering(answer) as (ours, _):
        found, reusable = exchange(ours, request(), seconds=SECONDS)
        assert ours.gettimeout() == SECONDS
        return found.status_code, list(found.headers.items()), found.content, reusable


def by_http_client(answer: bytes) -> tuple[int, list[tuple[str, str]], bytes, bool]:
    with answering(answer) as (ours, _), closing(HTTPResponse(ours, method="POST")) as response:
        response.begin()
        body = response.read()
        return response.status, list(response.headers.items()), body, not response.will_close


@pytest.mark.parametrize("answer", [*USUAL.values(), *UNUSUAL.values()], ids=[*USUAL, *UNUSUAL])
def test_an_answer_is_what_http_client_makes_of_it(answer: bytes) -> None:
    """The usual ones are read by us, and all mean the same."""
    status, headers, body, reusable = exchanged(answer)
    expected = by_http_client(answer)
    named = dict({name.lower(): (name, value) for name, value in expected[1]}.values())

    assert (expected[0], named, *expected[2:]) == (status, dict(headers), body, reusable)


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_what_is_no_answer_fails_as_http_client_has_it(answer: bytes) -> None:
    """The same kind of error, with the same words."""
    with pytest.raises((HTTPException, OSError)) as expected:
        by_http_client(answer)
    with pytest.raises(type(expected.value)) as error:
        exchanged(answer)

    assert str(expected.value) == str(error.value)


@pytest.mark.parametrize("answer", SHORT.values(), ids=SHORT)
def test_a_body_that_ends_early_is_handed_on_with_what_was_announced(answer: bytes) -> None:
    """Where it is parsed somebody says so; the connection is of no use any more."""
    status, headers, body, reusable = exchanged(answer)
    with pytest.raises(IncompleteRead):
        by_http_client(answer)

    assert (200, "9", b"{}", False) == (status, dict(headers)["Content-Length"], body, reusable)


def test_a_connection_that_says_more_than_was_asked_is_not_kept() -> None:
    """Its next answer would be another one's."""
    *_, body, reusable = exchanged(USUAL["usual"] + b"HTTP/1.1 200 OK\r\n")

    assert (b"{}", False) == (body, reusable)


@given(st.lists(st.integers(1, 200), max_size=8), st.sampled_from([*USUAL.values(), *UNUSUAL.values()]))
def test_it_does_not_matter_in_which_pieces_an_answer_comes(sizes: list[int], answer: bytes) -> None:
    """Neither where they are cut nor how many there are."""

    class Cut:
        """A connection that gives less than it is asked for."""

        def __init__(self, connection: socket.socket) -> None:
            self.sendall, self.settimeout = connection.sendall, connection.settimeout
            self._connection = connection

        def recv(self, most: int) -> bytes:
            return self._connection.recv(min(most, sizes.pop()) if sizes else most)

    with answering(answer) as (ours, _):
        cut: Any = Cut(ours)
        found, reusable = exchange(cut, request(), seconds=SECONDS)

    assert exchanged(answer) == (found.status_code, list(found.headers.items()), found.content, reusable)


@pytest.mark.parametrize(
    ("url", "line", "host"),
    [
        ("https://rekognition.us-east-1.amazonaws.com/", "/", "rekognition.us-east-1.amazonaws.com"),
        ("http://localhost:8000/a?b=c", "/a?b=c", "localhost:8000"),
        ("https://[::1]:443", "/", "[::1]"),
        ("http://[::1]:443", "/", "[::1]:443"),
    ],
)
def test_a_request_is_sent_as_it_was_signed(url: str, line: str, host: str) -> None:
    """The host that was signed, every header, and the body, at once."""
    with answering(USUAL["usual"]) as (ours, theirs):
        exchange(ours, request(url, Authorization="AWS4 x=y"), seconds=SECONDS)
        sent = theirs.recv(65536).decode()

    assert sent == (
        f"POST {line} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\n"
        'Authorization: AWS4 x=y\r\nContent-Length: 8\r\n\r\n{"a": 1}'
    )


@pytest.mark.parametrize("value", ["a\nX-Other: 1", "a\rb", "\u20ac"])
def test_a_header_that_cannot_be_sent_is_refused(value: str) -> None:
    """Nothing is sent, and what it holds, which may be a secret, is not told where it breaks the line."""
    with answering(b"") as (ours, theirs):
        with pytest.raises(ValueError, match=r"line break|latin-1") as error:
            exchange(ours, request(Authorization=value), seconds=SECONDS)
        ours.shutdown(socket.SHUT_WR)

        assert theirs.recv(1) == b""
        assert "X-Other" not in str(error.value)


def test_an_answer_without_an_end_is_given_up() -> None:
    """No wait is longer than what is left of the time for the whole."""

    class Dripping:
        """A connection over which a byte comes now and then, for ever."""

        def __init__(self) -> None:
            self.waits: list[float] = []

        def sendall(self, _: bytes) -> None:
            pass

        def settimeout(self, seconds: float) -> None:
            self.waits.append(seconds)

        def recv(self, _: int) -> bytes:
            return b"x"

    connection: Any = Dripping()
    with pytest.raises(TimeoutError, match="does not end"):
        exchange(connection, request(), seconds=0.01)

    assert all(0 < wait < 0.01 for wait in connection.waits)
