"""One connection to the far end, kept alive from one request to the next."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from urllib3 import PoolManager, ProxyManager, Timeout, make_headers
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

from monitor.sinks.answers import Answer, first_line
from monitor.sinks.failures import explain, timed_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urllib3 import BaseHTTPResponse

MAX_ANSWER: Final = 64 * 1024
"""Bytes of an answer that are read; with more to come the connection is given up, which costs less than the rest."""

_READING: Final = 1.0
"""Seconds that the body of an answer may take; its status has said all that matters."""

_SLACK: Final = 1.0
"""Seconds that urllib3 waits beyond the time of an attempt: it is cut off before, so that it ends in one way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FarEnd:
    """Where requests go, and how.

    Attributes:
        proxy: The URL of the proxy, with its user and password where it wants some; None for none.
        tls: For https, of the far end and of the proxy.
        connect_timeout: Seconds to connect, TLS included.
        timeout: Seconds for a whole attempt.
        secrets: What no error may repeat.
    """

    url: str
    proxy: str | None
    tls: ssl.SSLContext
    connect_timeout: float
    timeout: float
    secrets: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The host, and the port if it is not the scheme's: the path of a webhook's URL is often its secret."""
        return parse_url(self.url).netloc or self.url


def tls_context(ca: str | None) -> ssl.SSLContext:
    """What verifies the far end: TLS 1.2 or later, and the CAs in *ca* (PEM) instead of the machine's own.

    Raises ValueError for a text that holds no certificate.
    """
    try:
        context = ssl.create_default_context(cadata=ca)
    except ssl.SSLError:
        raise ValueError("holds no certificates that can be read: write them in PEM") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Lane:
    """Sends one request at a time. Another thread may cut it; then it is of no use any more.

    urllib3 bounds the wait for each piece of an answer, but not the whole: a far end that sends a byte now and then
    would hold it for ever, and a resolver of names has no limit at all. So whoever waits for a lane cuts it, and what
    it had not begun to send is never sent.
    """

    def __init__(self, far_end: FarEnd) -> None:
        self._far_end = far_end
        self._lock = threading.Lock()
        self._wire: socket.socket | None = None
        self._connection: HTTPConnection | None = None
        self.cut_off = False
        self._manager = _manager(far_end)
        pool = self._manager.connection_from_url(far_end.url)
        kind = _Secure if pool.scheme == "https" else _Plain
        pool.ConnectionCls = partial(kind, lane=self)  # type: ignore[assignment]  # it is only called

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send *body* and return what is answered, whatever it is. Raises DeliveryError when no answer came."""
        try:
            return self._read(self._request(body, headers))
        except (HTTPError, OSError, ValueError) as error:
            if self.cut_off:
                raise timed_out(self._far_end.name, self._far_end.timeout) from error
            raise explain(error, self._far_end.name) from error
        finally:
            self._settle()

    def cut(self) -> None:
        """End the request under way, wherever it is; its `post` raises soon, unless a name is being resolved."""
        with self._lock:
            self.cut_off = True
            if self._wire is not None:
                with suppress(OSError):
                    self._wire.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the connection back. Not while a request is under way."""
        self._manager.clear()
        self._forget()

    def opened(self, connection: HTTPConnection, wire: socket.socket) -> None:
        """A connection was made, and nothing said on it yet. Raises TimeoutError when that was too late."""
        with self._lock:
            self._forget()
            self._connection = connection
            if self.cut_off:
                wire.close()
                raise TimeoutError("too late")
            self._wire = wire.dup()

    def _request(self, body: bytes, headers: Mapping[str, str]) -> BaseHTTPResponse:
        far_end = self._far_end
        return self._manager.urlopen(
            "POST",
            far_end.url,
            body=body,
            headers=dict(headers),
            timeout=Timeout(connect=far_end.connect_timeout, total=far_end.timeout + _SLACK),
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )

    def _read(self, response: BaseHTTPResponse) -> Answer:
        if self.cut_off:  # to http.client the end of the connection looks like the end of the headers
            response.close()
            raise TimeoutError("too late")
        body, whole = _beginning(response)
        if whole:
            response.drain_conn()  # closes the reader, which an empty body leaves open until it is collected
            response.release_conn()
        elif self._connection is not None:
            self._connection.close()
            response.close()
        return Answer(
            status=response.status,
            retry_after=response.headers.get("Retry-After"),
            line=first_line(body, self._far_end.secrets),
        )

    def _settle(self) -> None:
        """Let go of a connection that is not kept: while a copy of its socket is open the far end sees no end of it."""
        if self._connection is None or self._connection.is_closed or self.cut_off:
            with self._lock:
                self._forget()

    def _forget(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None


class _Plain(HTTPConnection):
    """urllib3's, which shows its socket to its lane before anything is said on it, a TLS handshake included.

    A request leaves in one piece. urllib3 sends headers and body apart, which costs both sides a call of the system and
    a switch of processes more: a fifth of the time of an event.
    """

    def __init__(self, *args: Any, lane: Lane, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._lane = lane
        self._held: list[bytes] | None = None

    def request(self, *args: Any, **settings: Any) -> None:
        self._held = []
        try:
            super().request(*args, **settings)
        finally:
            held, self._held = self._held, None
        self.send(b"".join(held))

    def send(self, data: Any) -> None:
        if self._held is None:
            super().send(data)
        else:
            self._held.append(data)

    def _new_conn(self) -> socket.socket:
        wire = super()._new_conn()
        self._lane.opened(self, wire)
        return wire


class _Secure(_Plain, HTTPSConnection):
    """The same for https."""


def _manager(far_end: FarEnd) -> PoolManager:
    if far_end.proxy is None:
        return PoolManager(num_pools=1, maxsize=1, ssl_context=far_end.tls)
    user = parse_url(far_end.proxy).auth
    return ProxyManager(
        far_end.proxy,
        num_pools=1,
        maxsize=1,
        ssl_context=far_end.tls,
        proxy_ssl_context=far_end.tls,
        proxy_headers=make_headers(proxy_basic_auth=unquote(user)) if user else None,
    )


def _beginning(response: BaseHTTPResponse, monotonic: Callable[[], float] = time.monotonic) -> tuple[bytes, bool]:
    """The first bytes of the body, and whether they are all of it."""
    until = monotonic() + _READING
    body = b""
    try:
        while len(body) < MAX_ANSWER and monotonic() < until:
            piece = response.read1(MAX_ANSWER - len(body))
            if not piece:
                return body, True
            body += piece
    except (HTTPError, OSError, ValueError):  # a body that breaks takes nothing back from the status before it
        return body, False
    return body, False
