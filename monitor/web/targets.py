"""Requests that name the whole address in their first line, as those that a proxy hands on may.

RFC 9112, section 3.2.2: a server accepts this form, and goes by the host in it whatever the header says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_SCHEMES: Final = (b"http", b"https")


class Targets:
    """Middleware that gives them the form of all others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(_plain(scope), receive, send)


def _plain(scope: Scope) -> Scope:
    scheme, separator, rest = scope.get("raw_path", b"").partition(b"://")
    if not separator or scheme.lower() not in _SCHEMES:
        return scope
    host, slash, path = rest.partition(b"/")
    raw_path = (slash or b"/") + path
    headers = [(b"host", host), *((name, value) for name, value in scope["headers"] if name != b"host")]
    return {**scope, "path": unquote(raw_path.decode("ascii")), "raw_path": raw_path, "headers": headers}
