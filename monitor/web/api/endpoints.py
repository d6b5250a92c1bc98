"""The addresses of the API as routes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from monitor.web.api import parameters
from monitor.web.api.answers import answer
from monitor.web.api.asked import Asked, RefusedParametersError, read_header
from monitor.web.api.documents import encode
from monitor.web.api.events import inquiry_of
from monitor.web.api.negotiation import JSON, STREAM, choose
from monitor.web.api.news import News
from monitor.web.api.openapi import describe
from monitor.web.api.operations import BASE, EVENTS, OPERATIONS
from monitor.web.api.stream import HEADERS, Stream
from monitor.web.problems import problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request

    from monitor.web.api.operations import Operation
    from monitor.web.api.parameters import Parameter
    from monitor.web.blocking import Threads
    from monitor.web.ports import Ports

_RETRY_AFTER: Final = {"Retry-After": "10"}


class Api:
    """The endpoints."""

    def __init__(self, ports: Ports, *, memory: Threads, database: Threads) -> None:
        """*memory* runs what is only computed, *database* what may wait for the database."""
        self._ports = ports
        self._memory = memory
        self._database = database
        self._news = News(ports, database)

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            *(_route(each.path, partial(self._serve, each)) for each in OPERATIONS if each is not EVENTS),
            _route(EVENTS.path, self.events),
            _route("/openapi.json", self.description),
        ]

    async def events(self, request: Request) -> Response:
        """Stored events, or a stream of those to come."""
        try:
            asked = self._asked(request, EVENTS.query)
            resumed = read_header(request.headers, parameters.LAST_EVENT_ID)
        except RefusedParametersError as error:
            return _refusal(request, error)
        if asked.flag(parameters.STREAM):
            choose(request, [STREAM])
        elif choose(request, [JSON, STREAM]) == JSON:
            return await self._serve(EVENTS, request)
        return await self._stream(request, asked, resumed)

    async def description(self, request: Request) -> Response:
        """The OpenAPI document of all this."""
        choose(request, [JSON])
        return await self._memory.run(lambda: answer(request, encode(describe(self._ports.version))))

    async def _serve(self, operation: Operation, request: Request) -> Response:
        choose(request, [JSON])
        threads = self._database if operation.stored else self._memory
        try:
            asked = self._asked(request, operation.query)
            return await threads.run(lambda: answer(request, operation.body(self._ports, asked)))
        except RefusedParametersError as error:
            return _refusal(request, error)

    async def _stream(self, request: Request, asked: Asked, resumed: int | None) -> Response:
        if self._news.full or self._ports.stopping():
            return problem(request, 503, "there is no room for another stream now; try again", headers=_RETRY_AFTER)
        if request.method == "HEAD":
            return Response(media_type=STREAM, headers=HEADERS)
        begin = resumed if resumed is not None else asked.number(parameters.AFTER)
        position = await self._news.position() if begin is None else begin
        inquiry = replace(inquiry_of(asked), after=position)
        return Stream(inquiry, self._news, self._ports.stopping).response()

    def _asked(self, request: Request, known: Sequence[Parameter]) -> Asked:
        return Asked(request.query_params, known, self._ports.clock(), request.path_params)


def _route(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    return Route(BASE + path.replace("{arn}", "{arn:path}"), endpoint)


def _refusal(request: Request, error: RefusedParametersError) -> Response:
    """A problem document that names each parameter."""
    errors = [{"parameter": name, "detail": detail} for name, detail in error.problems]
    return problem(request, 400, str(error), more={"errors": errors})
