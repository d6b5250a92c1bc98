"""What the connection of a request is told: when its answer begins and ends, and what is held for it meanwhile."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from h11 import LocalProtocolError
from starlette.datastructures import Headers, MutableHeaders

from monitor.web.connections import Connection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Marks:
    """Middleware around everything; also ends a connection whose request has a body, which nobody reads."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = _connection_of(scope)
        if connection is None:
            await self._app(scope, receive, send)
            return
        connection.answering()
        try:
            await self._app(scope, receive, _bearing(_closing(send) if _has_body(scope) else send))
        finally:
            connection.answered()


def hold(scope: Scope, portions: Iterable[bytes]) -> None:
    """Count *portions* as held for this request's connection until its answer ends."""
    connection = _connection_of(scope)
    if connection is not None:
        connection.hold(portions)


def _connection_of(scope: Scope) -> Connection | None:
    connection = scope.get("state", {}).get("connection")
    return connection if isinstance(connection, Connection) else None


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def _bearing(send: Send) -> Send:
    """A request whose body is none has been refused by uvicorn meanwhile: then nobody waits for our answer."""

    async def bearing(message: Message) -> None:
        with suppress(LocalProtocolError):
            await send(message)

    return bearing


def _closing(send: Send) -> Send:
    async def closing(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Connection"] = "close"
        await send(message)

    return closing
