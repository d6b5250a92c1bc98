"""Whoever is not let in: refused before anything is asked of the rest of the program, whatever the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from starlette.requests import Request

from monitor.web.authentication import Passwords, TooManyError, credentials_of
from monitor.web.problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from monitor.web.rules import Rules

log = structlog.get_logger(__name__)

MAX_BODY: Final = 64 * 1024
"""Bytes of a request's body. No address takes one yet; some clients send a few anyway."""

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, section 9.2.1)."""

_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="rekognition-monitor", charset="UTF-8"'}
_TELL_EVERY: Final = 60.0
"""Seconds between two lines of the log about wrong passwords, however many there are."""


class Gate:
    """Middleware that lets in who may come in."""

    def __init__(
        self, app: ASGIApp, *, rules: Callable[[], Rules], passwords: Passwords, monotonic: Callable[[], float]
    ) -> None:
        """*rules* gives those of the moment; *monotonic* seconds that only grow."""
        self._app = app
        self._rules = rules
        self._passwords = passwords
        self._wrong = _Wrong(monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = await self._refusal(Request(scope))
        await (refusal or self._app)(scope, receive, send)

    async def _refusal(self, request: Request) -> Response | None:
        rules = self._rules()
        return (
            _other_host(request, rules)
            or _too_large(request)
            or await self._stranger(request, rules.users)
            or _change(request, rules)
        )

    async def _stranger(self, request: Request, users: Mapping[str, str]) -> Response | None:
        if not users:
            return None
        given = credentials_of(request.headers.get("authorization"))
        address = request.client.host if request.client else ""
        try:
            if given is not None and await self._passwords.accept(given, users, address):
                return None
        except TooManyError:
            return problem(
                request, 429, "too many passwords are being checked; try again", headers={"Retry-After": "1"}
            )
        if given is not None:
            self._wrong.tell(address)
        return problem(request, 401, "a user and a password are asked for", headers=_CHALLENGE)


class _Wrong:
    """Tells the log of wrong passwords, without what was tried: many a user types the password for the name."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._told = -_TELL_EVERY
        self._count = 0

    def tell(self, address: str) -> None:
        self._count += 1
        now = self._monotonic()
        if now - self._told >= _TELL_EVERY:
            log.warning("authentication.refused", count=self._count, last_address=address)
            self._told, self._count = now, 0


def _other_host(request: Request, rules: Rules) -> Response | None:
    if rules.addressed_by(request.headers.get("host")):
        return None
    return problem(request, 421, "this host is not known here: use an address or localhost, or set web.allowed_hosts")


def _too_large(request: Request) -> Response | None:
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and len(length) < len(str(MAX_BODY)) + 1 and int(length) <= MAX_BODY:
        return None
    return problem(request, 413, f"a request has {MAX_BODY} bytes at most", headers={"Connection": "close"})


def _change(request: Request, rules: Rules) -> Response | None:
    if request.method in _SAFE:
        return None
    if not rules.changes_allowed:
        return problem(request, 403, "requests that change something are switched off: see web.allow_changes")
    if _from_elsewhere(request):
        return problem(request, 403, "another site's page asks this: it may not")
    return None


def _from_elsewhere(request: Request) -> bool:
    """Whether a browser asks on behalf of another site (Fetch Metadata; RFC 6454 for browsers without it)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2].lower() != request.headers.get("host", "").lower()
