"""Answers: compressed where the client takes it, in portions where they are large, the same headers on each."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders
from starlette.responses import Response, StreamingResponse

from monitor.web.marks import hold

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Nothing comes from elsewhere, no script but ours runs, nobody frames the page or learns who followed its links."""

_WORTH_COMPRESSING: Final = 1024
_COMPRESSION_LEVEL: Final = 1
"""The fastest: pages and JSON of a large fleet are repetitive, and each answer is compressed for one reader."""

_LARGE: Final = 32 * 1024
"""Bytes of a part that is not copied."""

_PORTION: Final = 256 * 1024
"""Bytes handed over at a time, so that a slow reader holds no second copy of a large answer."""


class SecurityHeaders:
    """Middleware that puts `SECURITY_HEADERS` on every answer, and says that it is not to be kept unless it says so."""

    def __init__(self, app: ASGIApp, more: Callable[[], Iterable[tuple[str, str]]] = tuple) -> None:
        """*more* gives what the operator adds: to a header that is there it is added, it does not replace it."""
        self._app = app
        self._more = more

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                headers.setdefault("Cache-Control", "no-store")
                for name, value in self._more():
                    headers.append(name, value)
            await send(message)

        await self._app(scope, receive, send_secured)


def respond(
    request: Request, body: bytes, content_type: str, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer to *request*. Compresses, so a large body belongs in a thread."""
    fields = {"Content-Type": content_type, "Vary": "Accept-Encoding", **(headers or {})}
    if len(body) >= _WORTH_COMPRESSING and accepts_gzip(request.headers.get("accept-encoding", "")):
        body = gzip.compress(body, _COMPRESSION_LEVEL, mtime=0)
        fields["Content-Encoding"] = "gzip"
    fields["Content-Length"] = str(len(body))
    if request.method == "HEAD":
        return Response(status_code=status, headers=fields)
    if len(body) > _PORTION:
        return StreamingResponse(_portions(request, body), status, fields)
    return Response(body, status, fields)


def respond_in_parts(request: Request, portions: Sequence[bytes], content_type: str, *, gzip: bool) -> Response:
    """The answer to *request* with a body that is made already, in portions, and compressed if *gzip*."""
    fields = {"Content-Type": content_type, "Vary": "Accept, Accept-Encoding"}
    if gzip:
        fields["Content-Encoding"] = "gzip"
    fields["Content-Length"] = str(sum(map(len, portions)))
    if request.method == "HEAD":
        return Response(headers=fields)
    return StreamingResponse(_each(request, portions), headers=fields)


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header (RFC 9110, section 12.5.3) takes gzip, or anything."""
    weights: dict[str, bool] = {}
    for coding in header.lower().split(","):
        name, *parameters = (part.strip() for part in coding.split(";"))
        weights[name] = not any(_is_zero(parameter) for parameter in parameters)
    return weights.get("gzip", weights.get("*", False))


def _is_zero(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and value.strip().rstrip("0") in ("", ".", "0.")


async def _portions(request: Request, body: bytes) -> AsyncIterator[memoryview]:
    hold(request.scope, [body])
    view = memoryview(body)
    for start in range(0, len(view), _PORTION):
        yield view[start : start + _PORTION]


def portions_of(parts: Sequence[bytes]) -> Iterator[bytes]:
    """The same bytes, small parts joined to a portion: each that is sent has its price.

    Large ones are sent as they are, so that all who read the same slowly hold it once.
    """
    small: list[bytes] = []
    size = 0
    for part in parts:
        large = len(part) >= _LARGE
        if small and (large or size >= _PORTION // 2):
            yield b"".join(small)
            small, size = [], 0
        if large:
            yield part
        else:
            small.append(part)
            size += len(part)
    if small:
        yield b"".join(small)


async def _each(request: Request, portions: Sequence[bytes]) -> AsyncIterator[bytes]:
    hold(request.scope, portions)
    for portion in portions:
        yield portion
