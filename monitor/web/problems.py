"""What an answer says when a request cannot be served: JSON to those who ask the API (RFC 9457), text to others."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from starlette.exceptions import HTTPException
from starlette.responses import Response

from monitor.web.responses import SECURITY_HEADERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

log = structlog.get_logger(__name__)


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """An answer with *status* that says *detail*; *more* are members of the problem document besides."""
    title = HTTPStatus(status).phrase
    fields = {"Cache-Control": "no-store", **(headers or {})}
    if request.url.path.startswith("/api/"):
        document = {"type": "about:blank", "title": title, "status": status, "detail": detail, **(more or {})}
        return Response(orjson.dumps(document), status, fields, "application/problem+json")
    return Response(f"{title}: {detail}\n", status, fields, "text/plain")


async def refused(request: Request, error: Exception) -> Response:
    """For what the router refuses: no such path, another method."""
    assert isinstance(error, HTTPException)
    details = {404: "there is nothing here", 405: f"{request.method} is not for this address"}
    told = error.detail != HTTPStatus(error.status_code).phrase
    detail = error.detail if told else details.get(error.status_code, error.detail)
    return problem(request, error.status_code, detail, headers=error.headers)


async def unavailable(request: Request, error: Exception) -> Response:
    """For a database that cannot be used now, and for what took too long."""
    why = "it took too long" if isinstance(error, TimeoutError) else str(error)
    log.warning("request.unanswered", path=request.url.path, error=why)
    return problem(request, 503, f"no answer now: {why}; try again")


async def failed(request: Request, error: Exception) -> Response:
    """For a fault of the program. Starlette sends this one from outside of the middleware, hence the headers."""
    log.error("request.failed", path=request.url.path, exc_info=error)
    return problem(request, 500, "the monitor failed to answer; its log says why", headers=SECURITY_HEADERS)
