"""JSON answers that a client can ask for again without getting them again (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from monitor.web.api.negotiation import JSON
from monitor.web.responses import respond

if TYPE_CHECKING:
    from starlette.requests import Request

_KEPT: Final = {"Cache-Control": "private, no-cache", "Vary": "Accept, Accept-Encoding"}
"""A client may keep an answer for itself, and has to ask each time whether it is still good."""


def answer(request: Request, body: bytes) -> Response:
    """*body* as JSON, or 304 when the client has it. Hashes and compresses, so it belongs in a thread.

    The tag is weak: it is the same whether the body is compressed or not.
    """
    tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, **_KEPT}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return respond(request, body, JSON, headers=headers)


def _has(header: str, tag: str) -> bool:
    """Whether an If-None-Match header names *tag*, compared weakly."""
    opaque = tag.removeprefix("W/")
    return any(each.strip() == "*" or each.strip().removeprefix("W/") == opaque for each in header.split(","))
