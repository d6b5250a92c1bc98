"""Answers that are held to a time and a size as a whole.

botocore, urllib3 and http.client bound the wait for each piece of an answer (`read_timeout`), but neither how many
pieces come nor how large they are together: an answer without an end, be it in its headers or its body, would hold its
caller for ever, or take all memory.
"""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any, Final

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as UrllibTimeoutError

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from botocore.awsrequest import AWSPreparedRequest
    from urllib3 import HTTPResponse as UrllibResponse

MAX_ANSWER: Final = 1024 * 1024
"""Bytes; a call that publishes or assumes a role is answered in a few thousand."""


def answers_within(seconds: float) -> Callable[..., HTTPResponse]:
    """What a connection of http.client's makes its answers with (`response_class`): their last byte comes in time.

    One that is later than that after the request was sent raises TimeoutError.
    """

    def make(connection: socket.socket, *args: Any, **named: Any) -> HTTPResponse:
        timed: Any = _Timed(connection, seconds)
        return HTTPResponse(timed, *args, **named)

    return make


def bound_time(client: Any, *, seconds: float) -> None:
    """Give up answers to *client*'s calls that take longer than that, as ReadTimeoutError: headers, body, proxies'."""
    pools = client._endpoint.http_session._pool_classes_by_scheme  # noqa: SLF001 - botocore gives it out nowhere
    answers = {"response_class": staticmethod(answers_within(seconds))}
    for scheme, pool in pools.items():
        connection = type("BoundedConnection", (pool.ConnectionCls,), answers)
        pools[scheme] = type("BoundedPool", (pool,), {"ConnectionCls": connection})


def bound_answers(client: Any, *, seconds: float) -> None:
    """As `bound_time`; besides, give up answers whose body is too large, as ResponseParserError."""
    bound_time(client, seconds=seconds)
    wire = client._endpoint.http_session  # noqa: SLF001 - botocore gives it out nowhere

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        request.stream_output = True
        answer = wire.send(request)
        bounded = AWSResponse(answer.url, answer.status_code, answer.headers, _Whole(answer.raw, request.url))
        assert bounded.content is not None  # read here, where botocore tries again what fails on the wire
        return bounded

    client.meta.events.register("before-send", send)


@dataclass(frozen=True, slots=True)
class _Timed:
    """A connection as far as an answer is read from it."""

    connection: socket.socket
    seconds: float

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self.connection, self.seconds))


class _Reader(io.RawIOBase):
    """What comes over a connection until the time is over; no wait is longer than what is left of it."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._held = connection.makefile("rb", buffering=0)  # http.client closes some connections before they are read
        self._ends = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer does not end")
        usual = self._connection.gettimeout()
        self._connection.settimeout(left if usual is None else min(left, usual))
        try:
            return self._connection.recv_into(buffer)
        finally:
            self._connection.settimeout(usual)  # the connection may be kept for another request

    def close(self) -> None:
        self._held.close()
        super().close()


class _Whole:
    """The body of an answer as botocore reads one, and its end when there is too much of it."""

    def __init__(self, raw: UrllibResponse, url: str) -> None:
        self._raw = raw
        self._url = url

    def stream(self) -> Iterator[bytes]:
        """All of it, in one piece. What fails is raised as botocore's own sending would."""
        try:
            body = self._raw.read(MAX_ANSWER + 1)
        except (HTTPError, OSError) as error:
            self._raw.close()
            if isinstance(error, UrllibTimeoutError):
                raise ReadTimeoutError(endpoint_url=self._url, error=error) from error
            raise ConnectionClosedError(endpoint_url=self._url, error=error) from error
        if len(body) > MAX_ANSWER:
            self._raw.close()  # with more to come the connection is of no use
            raise ResponseParserError(f"the answer is larger than {MAX_ANSWER} bytes")
        self._raw.release_conn()
        yield body
