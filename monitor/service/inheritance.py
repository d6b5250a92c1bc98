"""The socket that systemd listens on for us: socket activation, sd_listen_fds(3)."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Final

from monitor.errors import ListenError

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRST: Final = 3
"""The descriptor that comes first, after the standard ones."""


def inherited_socket(environ: Mapping[str, str], first: int = _FIRST) -> socket.socket | None:
    """The one to serve on, None when none was given to this process.

    Raises ListenError for more than one, and for one that is not of TCP.
    """
    count = environ.get("LISTEN_FDS", "0")
    if environ.get("LISTEN_PID") != str(os.getpid()) or count == "0":
        return None
    if count != "1":
        raise ListenError(
            f"{count} sockets were given by the service manager: leave one ListenStream in the .socket unit"
        )
    given = socket.socket(fileno=first)
    given.set_inheritable(False)
    tcp = given.family in (socket.AF_INET, socket.AF_INET6) and given.type == socket.SOCK_STREAM
    if not tcp or not given.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        given.close()
        raise ListenError(
            "the socket given by the service manager listens on no TCP port: set ListenStream to HOST:PORT"
        )
    return given


def address_of(listening: socket.socket) -> str:
    """HOST:PORT, as `web.listen` has it."""
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
