"""Where the pages are: rendered here, plain HTML that works alone; one script of our own keeps them fresh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

import structlog
from starlette.exceptions import HTTPException
from starlette.routing import Route

from monitor.domain.project import is_version_arn
from monitor.errors import StateError
from monitor.web.pages.assets import KEEP, TYPES, Assets
from monitor.web.pages.entries import find
from monitor.web.pages.fleet import Past, fleet_page
from monitor.web.pages.happenings import events_page, newest_of, parse_event_wish
from monitor.web.pages.links import Link
from monitor.web.pages.moments import moment
from monitor.web.pages.one import version_page
from monitor.web.pages.past import read_events, read_past, read_record
from monitor.web.pages.rendering import make_environment
from monitor.web.pages.strips import RANGE_WORDS, USUAL_RANGE
from monitor.web.pages.tellings import tell
from monitor.web.pages.wish import parse_range, parse_wish, select
from monitor.web.responses import respond

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from monitor.domain.project import Project
    from monitor.web.blocking import Threads
    from monitor.web.ports import Ports

T = TypeVar("T")

log = structlog.get_logger(__name__)

_HTML = "text/html; charset=utf-8"
_ATOM = "application/atom+xml; charset=utf-8"
_STREAM = "api/v1/events"
"""What the script listens to: server-sent events."""

_FEED = 50
"""Entries of the feed."""


class Pages:
    """The endpoints."""

    def __init__(self, ports: Ports, *, memory: Threads, database: Threads) -> None:
        """*memory* runs what is only computed, *database* what may wait for the database."""
        self._ports = ports
        self._memory = memory
        self._database = database
        self._assets = Assets()
        self._templates = make_environment()

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/", self.fleet),
            Route("/version", self.version),
            Route("/events", self.events),
            Route("/events.atom", self.feed),
            Route("/static/{name}", self.file),
        ]

    async def fleet(self, request: Request) -> Response:
        """What is watched and how it is; also when the database does not answer, then without the past."""
        wish = parse_wish(request.query_params)
        states, now = self._ports.view.states(), self._ports.clock()
        selected = await self._memory.run(lambda: select(states, wish))
        past = await self._read(lambda: read_past(self._ports, selected.shown, wish.range, now)) or Past()

        def work() -> Response:
            faulty, loops = self._ports.view.faulty(), self._ports.health()
            page = fleet_page(states, wish, selected, past, faulty=faulty, loops=loops, now=now)
            return self._page(request, "fleet.html", here="fleet", page=page, range_word=RANGE_WORDS[wish.range])

        return await self._memory.run(work)

    async def version(self, request: Request) -> Response:
        """One version, also one that is gone, as long as its history is kept."""
        arn = request.query_params.get("arn", "")
        reach = parse_range(request.query_params.get("range", ""))
        if not is_version_arn(arn):
            return self._missing(request, arn)
        now = self._ports.clock()
        states = self._ports.view.states()
        entry = await self._memory.run(lambda: find(states, arn))
        record = await self._read(lambda: read_record(self._ports, arn, entry, reach, now))
        if entry is None and record is not None and not record.events:
            return self._missing(request, arn)
        source = entry.version.source_project_version_arn if entry and entry.version else None
        known = {source} if source and find(states, source) else set()
        page = version_page(arn, entry, record, now, known)
        link = Link("version", {"arn": arn, "range": "" if reach == USUAL_RANGE else reach})
        words: dict[str, Any] = {"page": page, "link": link, "range": reach, "range_word": RANGE_WORDS[reach]}
        return await self._memory.run(lambda: self._page(request, "version.html", here="version", **words))

    async def events(self, request: Request) -> Response:
        """What happened, newest first."""
        projects, now = self._projects(), self._ports.clock()
        wish = parse_event_wish(request.query_params, projects)
        messages = await self._read(lambda: read_events(self._ports, wish))

        def work() -> Response:
            page = events_page(wish, messages, projects, now)
            return self._page(request, "events.html", here="events", page=page)

        return await self._memory.run(work)

    async def feed(self, request: Request) -> Response:
        """The newest events that the filter leaves, as an Atom feed (RFC 4287)."""
        wish, now = parse_event_wish(request.query_params, self._projects()), self._ports.clock()
        inquiry = newest_of(wish, _FEED)
        messages = await self._database.run(lambda: self._ports.records.events(inquiry))
        events = [tell(message, now) for message in messages]
        identity = uuid5(NAMESPACE_URL, f"rekognition-monitor/{wish.feed}").urn
        updated = events[0].time if events else moment(now, now)
        template = self._templates.get_template("feed.xml")
        return respond(
            request, template.render(events=events, wish=wish, id=identity, updated=updated.iso).encode(), _ATOM
        )

    async def file(self, request: Request) -> Response:
        """What the pages load."""
        name = request.path_params["name"]
        body = self._assets.get(name)
        if body is None:
            raise HTTPException(404)
        return respond(request, body, TYPES[name], headers=KEEP)

    def _projects(self) -> list[Project]:
        return [state.project for state in self._ports.view.states()]

    async def _read(self, work: Callable[[], T]) -> T | None:
        """What the database says; None when it does not answer."""
        try:
            return await self._database.run(work)
        except (StateError, TimeoutError) as error:
            log.warning("history.unavailable", error=str(error) or "it took too long")
            return None

    def _page(self, request: Request, template: str, *, status: int = 200, **words: Any) -> Response:
        now = self._ports.clock()
        text = self._templates.get_template(template).render(
            now=moment(now, now),
            version=self._ports.version,
            digests=self._assets.digests,
            stream=_STREAM,
            **words,
        )
        return respond(request, text.encode(), _HTML, status=status)

    def _missing(self, request: Request, arn: str) -> Response:
        return self._page(request, "missing.html", status=404, here="version", arn=arn)
