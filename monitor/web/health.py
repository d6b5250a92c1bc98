"""Whether the monitor works, and the two things an operator asks of it: its metrics and its configuration."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse
from starlette.routing import Route

from monitor.web.blocking import Shared
from monitor.web.responses import accepts_gzip, portions_of, respond, respond_in_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from monitor.web.blocking import Threads
    from monitor.web.ports import Ports

_YAML: Final = "text/plain; charset=utf-8"
"""Shown by a browser instead of saved; `application/yaml` (RFC 9512) would be a download."""


class Health:
    """The endpoints."""

    def __init__(self, ports: Ports, *, memory: Threads, scrapes: Threads, reloads: Threads) -> None:
        """*memory* runs what is only computed, *scrapes* only the metrics, *reloads* only reloads."""
        self._ports = ports
        self._memory = memory
        self._scrapes: Shared[tuple[Sequence[bytes], str]] = Shared(scrapes)
        self._reloads = reloads

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/metrics", self.metrics),
            Route("/-/healthy", self.healthy),
            Route("/-/ready", self.ready),
            Route("/-/reload", self.reload, methods=["POST"]),
            Route("/config", self.config),
        ]

    async def metrics(self, request: Request) -> Response:
        """The exposition; never waits for the database or AWS."""
        gzip = accepts_gzip(request.headers.get("accept-encoding", ""))
        accept = request.headers.get("accept", "")
        parts, content_type = await self._scrapes.run(f"{gzip} {accept}", partial(self._scrape, accept, gzip=gzip))
        return respond_in_parts(request, parts, content_type, gzip=gzip)

    def _scrape(self, accept: str, *, gzip: bool) -> tuple[Sequence[bytes], str]:
        parts, content_type = self._ports.metrics(accept, gzip=gzip)
        return list(portions_of(parts)), content_type

    async def healthy(self, _: Request) -> Response:
        """200 when every loop made progress lately; else 503, and which did not."""
        wrong = [f"{name}: {what}" for name, what in sorted(self._ports.health().items()) if what is not None]
        return _verdict("healthy", wrong)

    async def ready(self, _: Request) -> Response:
        """200 when there is something to show of every project; else 503, and of which there is not."""
        return _verdict("ready", [f"{arn}: not polled yet" for arn in self._ports.ready()])

    async def reload(self, _: Request) -> Response:
        """Load the configuration again: 200, or 500 and why it was refused."""
        problems = await self._reloads.run(self._ports.reload)
        if problems:
            return PlainTextResponse("\n".join(["not reloaded, the old configuration stays:", *problems, ""]), 500)
        return PlainTextResponse("reloaded\n")

    async def config(self, request: Request) -> Response:
        """The running configuration, secrets masked."""
        return await self._memory.run(lambda: respond(request, self._ports.config_text().encode(), _YAML))


def _verdict(word: str, against: list[str]) -> Response:
    if against:
        return PlainTextResponse("\n".join([f"not {word}:", *against, ""]), 503)
    return PlainTextResponse(f"{word}\n")
