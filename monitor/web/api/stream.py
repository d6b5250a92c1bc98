"""Events as they are stored, pushed to whoever listens (HTML, "Server-sent events").

A stream is a task of the loop that serves: between two events it costs no thread and no query. It begins after a
position, so one that was cut off goes on without a gap; it ends when the program stops, and the client comes again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog
from starlette.responses import StreamingResponse

from monitor.web.api.negotiation import STREAM
from monitor.web.api.news import TROUBLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from monitor.domain.delivery import Message
    from monitor.domain.inquiry import Inquiry
    from monitor.web.api.news import News

log = structlog.get_logger(__name__)

HEARTBEAT: Final = 15.0
"""Seconds after which something is sent though nothing happened: proxies cut a silent connection, often after 60."""

_RETRY: Final = b"retry: 2000\n\n"
"""Milliseconds until a client that was cut off comes again."""

_COMMENT: Final = b":\n\n"
_BATCH: Final = 100

HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Vary": "Accept"}
"""`X-Accel-Buffering` keeps nginx from holding the events back."""


class Stream:
    """One client's."""

    def __init__(self, inquiry: Inquiry, news: News, stopping: Callable[[], bool]) -> None:
        """What *inquiry* wants, from its position on, until *stopping*."""
        self._inquiry = replace(inquiry, before=None, until=None, limit=_BATCH, newest_first=False)
        self._news = news
        self._stopping = stopping

    def response(self) -> StreamingResponse:
        """The answer, which goes on until one of both sides ends it."""
        return StreamingResponse(self._parts(), headers=HEADERS, media_type=STREAM)

    async def _parts(self) -> AsyncIterator[bytes]:
        yield _RETRY
        with self._news.followed():
            while not self._stopping():
                try:
                    found = await self._more()
                except TROUBLE as error:
                    log.warning("stream.ended", error=str(error) or "it took too long")
                    return
                if found:
                    yield b"".join(map(_part, found))
                elif self._news.end <= self._inquiry.after:
                    await self._news.beyond(self._inquiry.after, HEARTBEAT)
                    yield _COMMENT

    async def _more(self) -> Sequence[Message]:
        """The next events that are wanted; what is not wanted is passed, so that it is read once."""
        end = self._news.end
        if end <= self._inquiry.after:
            return ()
        found = await self._news.read(replace(self._inquiry, before=end + 1))
        passed = found[-1].position if len(found) == _BATCH else end
        self._inquiry = replace(self._inquiry, after=passed)
        return found


def _part(message: Message) -> bytes:
    """One event: its document is one line, its id is where to go on after it."""
    return b"id: %d\ndata: %b\n\n" % (message.position, message.document)
