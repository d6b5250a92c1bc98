"""The application: every address and what answers there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from monitor.errors import StateError
from monitor.web.api import Api
from monitor.web.blocking import Threads
from monitor.web.health import Health
from monitor.web.pages import Pages
from monitor.web.problems import failed, refused, unavailable
from monitor.web.responses import SecurityHeaders

if TYPE_CHECKING:
    from monitor.web.ports import Ports


def build_app(ports: Ports) -> Starlette:
    """The application over *ports*; nothing runs before somebody asks."""
    memory = Threads(at_once=2, deadline=30)
    scrapes = Threads(at_once=2, deadline=30)
    database = Threads(at_once=4, deadline=10)
    reloads = Threads(at_once=1, deadline=60)
    app = Starlette(
        routes=[
            *Pages(ports, memory=memory, database=database).routes(),
            *Health(ports, memory=memory, scrapes=scrapes, reloads=reloads).routes(),
            *Api(ports, memory=memory, database=database).routes(),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={
            HTTPException: refused,
            StateError: unavailable,
            TimeoutError: unavailable,
            Exception: failed,
        },
    )
    app.router.redirect_slashes = False  # a redirect would repeat the request's Host header
    return app
