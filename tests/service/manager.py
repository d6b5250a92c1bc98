"""A service manager that listens, as systemd does."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path


class Manager:
    """What it was told, a dictionary for each datagram. Up inside its `with`."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        self._socket.settimeout(0)
        self._told: list[dict[str, str]] = []

    def environ(self, **more: str) -> dict[str, str]:
        """What it gives to the service."""
        return {"NOTIFY_SOCKET": str(self.path), **more}

    def told(self) -> list[dict[str, str]]:
        """All of it, so far."""
        while True:
            try:
                text = self._socket.recv(65536).decode()
            except BlockingIOError:
                return self._told
            self._told.append(dict(line.split("=", 1) for line in text.split("\n")))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
