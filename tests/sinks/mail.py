"""A mail server on loopback."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP

from tests.sinks.receiver import DEADLINE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage


@dataclass
class MailServer:
    """Takes mail, or refuses it.

    Attributes:
        received: Each mail, in order.
        refusal: The answer to the data of a mail, instead of taking it.
    """

    received: list[EmailMessage] = field(default_factory=list)
    refusal: str | None = None
    port: int = 0

    @property
    def url(self) -> str:
        """An apprise URL that leads here."""
        return f"mailto://127.0.0.1:{self.port}?smtp=127.0.0.1&from=monitor@example.com&to=ops@example.com"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - its name
        if self.refusal:
            return self.refusal
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """One that runs."""
    mail, loop = MailServer(), asyncio.new_event_loop()
    spoken: list[SMTP] = []

    def speak() -> SMTP:
        spoken.append(SMTP(mail, loop=loop))
        return spoken[-1]

    server = loop.run_until_complete(loop.create_server(speak, "127.0.0.1", 0))
    mail.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield mail
    finally:
        asyncio.run_coroutine_threadsafe(_end(server, spoken), loop).result(DEADLINE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server, spoken: list[SMTP]) -> None:
    """No new connections, and nothing left of those that were: the collector of garbage would warn of them."""
    server.close()
    for each in spoken:
        if isinstance(each.transport, asyncio.WriteTransport):
            each.transport.abort()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)
