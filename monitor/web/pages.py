"""The page at `/`: rendered here, plain HTML, one style sheet and an icon of our own, no script."""

from __future__ import annotations

import hashlib
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Final

import structlog
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.routing import Route

from monitor.errors import StateError
from monitor.web.overview import overview
from monitor.web.responses import respond

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from monitor.domain.delivery import Message
    from monitor.web.blocking import Threads
    from monitor.web.ports import Ports

log = structlog.get_logger(__name__)

_EVENTS: Final = 12
_TYPES: Final = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_KEEP: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
"""The address of a file has its digest, so what is kept is never stale."""


class Pages:
    """The endpoints."""

    def __init__(self, ports: Ports, *, memory: Threads, database: Threads) -> None:
        """*memory* runs what is only computed, *database* what may wait for the database."""
        self._ports = ports
        self._memory = memory
        self._database = database
        self._files = {name: _read(name) for name in _TYPES}
        environment = Environment(loader=PackageLoader("monitor.web"), autoescape=True, undefined=StrictUndefined)
        environment.trim_blocks = environment.lstrip_blocks = True
        self._template = environment.get_template("overview.html")

    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route("/", self.page), Route("/static/{name}", self.file)]

    async def page(self, request: Request) -> Response:
        """What is watched and how it is; also when the database does not answer, then without the events."""
        events = await self._latest()
        work: Callable[[], Response] = partial(self._render, request, events)
        return await self._memory.run(work)

    async def file(self, request: Request) -> Response:
        """The style sheet or the icon."""
        name = request.path_params["name"]
        if name not in self._files:
            raise HTTPException(404)
        return respond(request, self._files[name], _TYPES[name], headers=_KEEP)

    async def _latest(self) -> Sequence[Message] | None:
        try:
            return await self._database.run(partial(self._ports.latest, _EVENTS))
        except (StateError, TimeoutError) as error:
            log.warning("events.unavailable", error=str(error) or "it took too long")
            return None

    def _render(self, request: Request, events: Sequence[Message] | None) -> Response:
        ports = self._ports
        page = overview(
            ports.view.states(), health=ports.health(), events=events, now=ports.clock(), version=ports.version
        )
        text = self._template.render(page=page, digests={name: _digest(body) for name, body in self._files.items()})
        return respond(request, text.encode(errors="backslashreplace"), "text/html; charset=utf-8")


def _read(name: str) -> bytes:
    return (resources.files("monitor.web") / "static" / name).read_bytes()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:12]
