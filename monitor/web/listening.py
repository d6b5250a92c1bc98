"""The socket to serve on, had before anything else starts, so that a refusal is told plainly and at once."""

from __future__ import annotations

import errno
import socket

from monitor.config.values import split_listen
from monitor.errors import ListenError

_BACKLOG = 512
"""Connections that the kernel holds until they are taken."""

_ADVICE = {
    errno.EADDRINUSE: "is taken by another program: stop that (another monitor?) or set web.listen to another port",
    errno.EADDRNOTAVAIL: "is no address of this machine: set web.listen to one that is, or to 127.0.0.1",
    errno.EACCES: "is not allowed: ports below 1024 need a privilege; set web.listen to a higher one, as 10417",
    errno.EAFNOSUPPORT: "is of a kind that this machine has switched off: set web.listen to an IPv4 address",
}


def listen(address: str) -> socket.socket:
    """A socket that listens on *address*, HOST:PORT; port 0 is any that is free.

    Raises ListenError, which says which address it is and what to do.
    """
    try:
        host, port = split_listen(address)
    except ValueError as error:
        raise ListenError(f"{address!r} {error}") from None
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except socket.gaierror:
        raise ListenError(
            f"{address}: {host} is not known as a host: set web.listen to an address, as 127.0.0.1:10417"
        ) from None
    return _bound(socket.socket(family, kind), where, address)


def url_of(listening: socket.socket, *, tls: bool = False) -> str:
    """Where a client on this machine finds what is served there."""
    scheme = "https" if tls else "http"
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not bound to
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _bound(listening: socket.socket, where: object, address: str) -> socket.socket:
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # at once after a restart
        listening.bind(where)  # type: ignore[arg-type]  # as getaddrinfo gave it
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        advice = _ADVICE.get(error.errno or 0, f"cannot be had ({error.strerror}): set web.listen to another")
        raise ListenError(f"{address} {advice}") from None
    return listening
