"""The files that the pages load: all of them from here."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES: Final[Mapping[str, str]] = {
    "style.css": "text/css; charset=utf-8",
    "live.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}

KEEP: Final[Mapping[str, str]] = {"Cache-Control": "public, max-age=31536000, immutable"}
"""The address of a file has its digest, so what is kept is never stale."""


class Assets:
    """The files, read once."""

    def __init__(self) -> None:
        directory = resources.files("monitor.web") / "static"
        self._bodies = {name: (directory / name).read_bytes() for name in TYPES}
        self.digests: Final[Mapping[str, str]] = {
            name: hashlib.sha256(body).hexdigest()[:12] for name, body in self._bodies.items()
        }

    def get(self, name: str) -> bytes | None:
        """The file of that name; None where there is none."""
        return self._bodies.get(name)
