"""`/api/v1`: what is shown, as JSON."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.routing import Route

from monitor.web.documents import encode, events_text, projects_document, versions_document
from monitor.web.problems import problem
from monitor.web.responses import respond

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from monitor.web.blocking import Threads
    from monitor.web.ports import Ports

_JSON: Final = "application/json"
_DEFAULT_LIMIT: Final = 100
_MAX_LIMIT: Final = 1000
_MAX_POSITION: Final = 2**63 - 1


class Api:
    """The endpoints."""

    def __init__(self, ports: Ports, *, memory: Threads, database: Threads) -> None:
        """*memory* runs what is only computed, *database* what may wait for the database."""
        self._ports = ports
        self._memory = memory
        self._database = database

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/api/v1/projects", self.projects),
            Route("/api/v1/versions", self.versions),
            Route("/api/v1/events", self.events),
        ]

    async def projects(self, request: Request) -> Response:
        """Every project and how its polls go."""
        return await self._memory.run(
            lambda: respond(request, encode(projects_document(self._ports.view.states())), _JSON)
        )

    async def versions(self, request: Request) -> Response:
        """Every watched version."""
        return await self._memory.run(
            lambda: respond(request, encode(versions_document(self._ports.view.states())), _JSON)
        )

    async def events(self, request: Request) -> Response:
        """Stored events after a position; `next` is where to go on."""
        try:
            after = _number(request, "after", default=0, least=0, most=_MAX_POSITION)
            limit = _number(request, "limit", default=_DEFAULT_LIMIT, least=1, most=_MAX_LIMIT)
        except ValueError as error:
            return problem(request, 400, str(error))
        read: Callable[[], Response] = partial(self._read_events, request, after, limit)
        return await self._database.run(read)

    def _read_events(self, request: Request, after: int, limit: int) -> Response:
        return respond(request, events_text(self._ports.events(after, limit), after), _JSON)


def _number(request: Request, name: str, *, default: int, least: int, most: int) -> int:
    """The parameter *name*. Raises ValueError, which says what it has to be."""
    values = request.query_params.getlist(name)
    if not values:
        return default
    text = values[-1]
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise ValueError(f"{name} is {text!r}: it has to be a whole number from {least} to {most}")
    return int(text)
