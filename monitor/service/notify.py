"""What the service manager is told, by sd_notify(3): a datagram of NAME=value lines to the socket that it names.

The protocol is stable and this is all of it (systemd's own manual says to write it rather than to link to a library).
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    from collections.abc import Mapping

log = structlog.get_logger(__name__)

PATIENCE: Final = 1.0
"""Seconds to wait for a service manager that takes nothing."""


class Notifier:
    """Tells the service manager; where there is none, or it does not listen, nobody."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """*environ*: NOTIFY_SOCKET is a path, or a name that begins with @ (Linux's abstract sockets)."""
        given = environ.get("NOTIFY_SOCKET", "")
        self._address = f"\0{given[1:]}" if given.startswith("@") else given

    def tell(self, **said: str | int) -> None:
        """Send *said*, all at once. A line break in a value becomes a space; nothing is raised."""
        if not self._address:
            return
        lines = (f"{name}={' '.join(str(value).splitlines())}" for name, value in said.items())
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending:
                sending.settimeout(PATIENCE)
                sending.sendto("\n".join(lines).encode(), self._address)
        except OSError as error:
            log.debug("notification.failed", error=str(error), said=tuple(said))
