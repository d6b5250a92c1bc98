"""Sends what botocore has signed, over connections that are kept: in a third of the time that botocore's sender takes.

botocore emits `before-send` with the request as it is signed, and takes the answer that a handler returns for its own
sender's. Everything around it stays botocore's: credentials, signing, endpoints, retries, errors. So does the sending
where there is a proxy. A connection belongs to no account, so all clients share those to one address, and one set of
certificates.
"""

from __future__ import annotations

import os
import select
import ssl
import threading
from collections import defaultdict, deque
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
    SSLError,
)
from botocore.httpsession import get_cert_path
from botocore.utils import get_environ_proxies

from monitor.aws.exchanging import exchange

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.hooks import BaseEventHooks

_EVENT: Final = "before-send.rekognition"


class Sender:
    """Sends the requests of any number of clients; thread-safe."""

    def __init__(self, *, connect_timeout: timedelta, read_timeout: timedelta, connections: int) -> None:
        """As many as *connections* to one address are kept."""
        self._connect_timeout = connect_timeout.total_seconds()
        self._read_timeout = read_timeout.total_seconds()
        self._kept: defaultdict[tuple[str, str], deque[HTTPConnection]] = defaultdict(lambda: deque(maxlen=connections))
        self._direct: dict[str, bool] = {}
        self._trust: dict[str, ssl.SSLContext] = {}
        self._trusting = threading.Lock()

    def register(self, events: BaseEventHooks, *, ca_bundle: str | None) -> None:
        """Send what the client of these *events* asks; *ca_bundle* is what its session has for that setting."""
        named = ca_bundle or os.environ.get("REQUESTS_CA_BUNDLE")
        authorities = named or str(get_cert_path(True))  # noqa: FBT003 - botocore's way of asking for its own
        events.register(_EVENT, partial(self._send, authorities=authorities))  # type: ignore[arg-type] # answers count

    def close(self) -> None:
        """Close the connections that are kept; whoever sends later opens new ones."""
        for kept in list(self._kept.values()):
            while kept:
                kept.pop().close()

    def _send(self, *, request: AWSPreparedRequest, authorities: str, **_: Any) -> AWSResponse | None:
        """The answer; None leaves the sending to botocore. Raises what botocore's own sender raises."""
        url = request.url
        if url not in self._direct:
            self._direct[url] = not get_environ_proxies(url)
        if not self._direct[url]:
            return None
        kept = self._kept[url, authorities]
        connection = _alive(kept) or self._connect(url, authorities)
        try:
            with _translated_exchange(request):
                answer, reusable = exchange(connection.sock, request, seconds=self._read_timeout)
        except BaseException:
            connection.close()
            raise
        if reusable and len(kept) < (kept.maxlen or 0):
            kept.append(connection)
        else:
            connection.close()
        return answer

    def _connect(self, url: str, authorities: str) -> HTTPConnection:
        parts = urlsplit(url)
        host, timeout = parts.hostname or "", self._connect_timeout
        with _translated_connecting(url):
            if parts.scheme == "https":
                trust = self._trusted(authorities, url)
                connection: HTTPConnection = HTTPSConnection(host, parts.port, timeout=timeout, context=trust)
            else:
                connection = HTTPConnection(host, parts.port, timeout=timeout)
            _open(connection)
            connection.sock.settimeout(self._read_timeout)
        return connection

    def _trusted(self, path: str, url: str) -> ssl.SSLContext:
        """One for all connections: reading some 140 certificates takes 10 ms and half a MiB."""
        with self._trusting:
            if path not in self._trust:
                folder = os.path.isdir(path)  # noqa: PTH112 - a text, as ssl takes it
                try:
                    trust = {"capath": path} if folder else {"cafile": path}
                    self._trust[path] = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, **trust)
                except OSError as error:  # ssl.SSLError is one: a file without certificates
                    wrong = OSError(f"the CA bundle {path} cannot be used: {error}")
                    raise SSLError(endpoint_url=url, error=wrong) from error
            return self._trust[path]


def _alive(kept: deque[HTTPConnection]) -> HTTPConnection | None:
    """One that the far end has not closed and that says nothing unasked, the one last used first."""
    while kept:
        try:
            connection = kept.pop()
        except IndexError:  # another thread was faster
            return None
        poll = select.poll()
        poll.register(connection.sock, select.POLLIN)
        if not poll.poll(0):
            return connection
        connection.close()
    return None


def _open(connection: HTTPConnection) -> None:
    try:
        connection.connect()
    except BaseException:
        connection.close()
        raise


@contextmanager
def _translated_connecting(url: str) -> Iterator[None]:
    """What goes wrong before anything is sent, as botocore's sender has it."""
    try:
        yield
    except SSLError:
        raise
    except TimeoutError as error:
        raise ConnectTimeoutError(endpoint_url=url, error=error) from error
    except ssl.SSLError as error:
        raise SSLError(endpoint_url=url, error=error) from error
    except OSError as error:
        raise EndpointConnectionError(endpoint_url=url, error=error) from error
    except Exception as error:
        raise HTTPClientError(error=error) from error


@contextmanager
def _translated_exchange(request: AWSPreparedRequest) -> Iterator[None]:
    """What goes wrong afterwards."""
    url = request.url
    try:
        yield
    except TimeoutError as error:
        raise ReadTimeoutError(endpoint_url=url, error=error) from error
    except ssl.SSLError as error:
        raise SSLError(endpoint_url=url, error=error) from error
    except (OSError, HTTPException) as error:
        raise ConnectionClosedError(endpoint_url=url, request=request, error=error) from error
    except Exception as error:
        raise HTTPClientError(error=error) from error
