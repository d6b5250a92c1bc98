"""Answers that are held to a size and a time as a whole.

botocore bounds the wait for each piece of an answer (`read_timeout`), but neither how many pieces come nor how large
they are together: an answer without an end would hold its caller for ever, or take all memory.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as UrllibTimeoutError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.awsrequest import AWSPreparedRequest
    from urllib3 import HTTPResponse

MAX_ANSWER: Final = 1024 * 1024
"""Bytes; a call that publishes or assumes a role is answered in a few thousand."""


def bound_answers(client: Any, *, seconds: float) -> None:
    """Give up answers to *client*'s calls whose body takes longer than *seconds*, or is too large.

    The first is raised as ReadTimeoutError, as if nothing had come; the second as ResponseParserError.
    """
    wire = client._endpoint.http_session  # noqa: SLF001 - botocore gives it out nowhere

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        request.stream_output = True
        answer = wire.send(request)
        whole = _Whole(answer.raw, request.url, seconds)
        bounded = AWSResponse(answer.url, answer.status_code, answer.headers, whole)
        assert bounded.content is not None  # read here, where botocore tries again what fails on the wire
        return bounded

    client.meta.events.register("before-send", send)


class _Whole:
    """The body of an answer as botocore reads one, and its end when there is too much of it."""

    def __init__(self, raw: HTTPResponse, url: str, seconds: float) -> None:
        self._raw = raw
        self._url = url
        self._seconds = seconds
        self._cut_off = False

    def stream(self) -> Iterator[bytes]:
        """All of it, in one piece."""
        wire = getattr(self._raw.connection, "sock", None)
        cutting = threading.Timer(self._seconds, self._cut, [wire])
        cutting.daemon = True
        cutting.start()
        try:
            body = self._read()
        finally:
            cutting.cancel()
        if len(body) > MAX_ANSWER:
            raise ResponseParserError(f"the answer is larger than {MAX_ANSWER} bytes")
        yield body

    def _read(self) -> bytes:
        """What fails is raised as botocore's own sending would."""
        try:
            body = self._raw.read(MAX_ANSWER + 1)
        except (HTTPError, OSError) as error:
            self._raw.close()
            if self._cut_off or isinstance(error, UrllibTimeoutError):
                raise ReadTimeoutError(endpoint_url=self._url, error="the answer does not end") from error
            raise ConnectionClosedError(endpoint_url=self._url, error=error) from error
        if self._cut_off or len(body) > MAX_ANSWER:
            self._raw.close()  # with more to come the connection is of no use
        if self._cut_off:
            raise ReadTimeoutError(endpoint_url=self._url, error="the answer does not end")
        self._raw.release_conn()
        return body

    def _cut(self, wire: socket.socket | None) -> None:
        """End the reading, wherever it is: a far end that sends a byte now and then keeps to every other limit."""
        self._cut_off = True
        if wire is not None:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
