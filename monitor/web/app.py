"""The application: every address and what answers there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from monitor.errors import StateError
from monitor.web.api import Api
from monitor.web.authentication import Passwords
from monitor.web.blocking import Threads
from monitor.web.gate import Gate
from monitor.web.health import Health
from monitor.web.marks import Marks
from monitor.web.pages import Pages
from monitor.web.problems import failed, refused, unavailable
from monitor.web.responses import SecurityHeaders
from monitor.web.rules import Rules
from monitor.web.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from monitor.web.ports import Ports


def build_app(ports: Ports, rules: Callable[[], Rules] = Rules) -> ASGIApp:
    """The application over *ports*; nothing runs before somebody asks. *rules* gives those of the moment."""
    memory = Threads(at_once=1, deadline=30)  # two would compute no faster: the interpreter runs one at a time
    scrapes = Threads(at_once=2, deadline=30)
    database = Threads(at_once=2, deadline=10)
    reloads = Threads(at_once=1, deadline=60)
    app = Starlette(
        routes=[
            *Pages(ports, memory=memory, database=database).routes(),
            *Health(ports, memory=memory, scrapes=scrapes, reloads=reloads).routes(),
            *Api(ports, memory=memory, database=database).routes(),
        ],
        exception_handlers={
            HTTPException: refused,
            StateError: unavailable,
            TimeoutError: unavailable,
            Exception: failed,
        },
    )
    app.router.redirect_slashes = False  # a redirect would repeat the request's Host header
    gate = Gate(app, rules=rules, passwords=Passwords(), monotonic=time.monotonic)
    return SecurityHeaders(Marks(Targets(gate)), lambda: rules().headers)
