"""What stands at both ends of Prometheus: a proxy that notes each scrape, and a receiver of Alertmanager's messages."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PASSED_ON: Final = ("Accept", "Accept-Encoding", "User-Agent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrape:
    """One request of Prometheus and the monitor's answer to it."""

    path: str
    accept: str
    accept_encoding: str
    content_type: str
    content_encoding: str
    body: bytes


class ScrapeLog:
    """Stands before the monitor and notes each scrape; answers 502 when the monitor does not answer."""

    def __init__(self, monitor: Callable[[], str]) -> None:
        self._monitor = monitor
        self.scrapes: list[Scrape] = []

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its address, host and port, while it serves."""
        with _serving(partial(_Proxy, self)) as address:
            yield address

    def fetch(self, path: str, headers: dict[str, str]) -> Scrape | None:
        """The monitor's answer, noted; None when there is none."""
        request = urllib.request.Request(self._monitor().rstrip("/") + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                scrape = Scrape(
                    path=path,
                    accept=headers.get("Accept", ""),
                    accept_encoding=headers.get("Accept-Encoding", ""),
                    content_type=response.headers.get("Content-Type", ""),
                    content_encoding=response.headers.get("Content-Encoding", ""),
                    body=response.read(),
                )
        except OSError:
            return None
        self.scrapes.append(scrape)
        return scrape


class Receiver:
    """Takes Alertmanager's messages."""

    def __init__(self) -> None:
        self._messages: list[dict[str, Any]] = []
        self._changed = threading.Condition()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its address, host and port, while it serves."""
        with _serving(partial(_Webhook, self)) as address:
            yield address

    def take(self, message: dict[str, Any]) -> None:
        """One more has come."""
        with self._changed:
            self._messages.append(message)
            self._changed.notify_all()

    def messages(self) -> list[dict[str, Any]]:
        """All that have come."""
        with self._changed:
            return list(self._messages)

    def told(self, alert: str, status: str, *, within: float) -> dict[str, Any] | None:
        """The first alert of that name and status, firing or resolved; None when none comes in so many seconds."""
        end = time.monotonic() + within
        with self._changed:
            while (found := self._find(alert, status)) is None:
                if not self._changed.wait(end - time.monotonic()):
                    return self._find(alert, status)
            return found

    def _find(self, name: str, status: str) -> dict[str, Any] | None:
        alerts = (alert for message in self._messages for alert in message["alerts"])
        return next((a for a in alerts if a["labels"]["alertname"] == name and a["status"] == status), None)


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """The base class would write each request to stderr."""

    def answer(self, code: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(code)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class _Proxy(_Quiet):
    def __init__(self, log: ScrapeLog, *args: Any) -> None:
        self._log = log
        super().__init__(*args)

    def do_GET(self) -> None:
        headers = {name: value for name in _PASSED_ON if (value := self.headers.get(name))}
        scrape = self._log.fetch(self.path, headers)
        if scrape is None:
            self.answer(502, {}, b"")
            return
        told = {"Content-Type": scrape.content_type, "Content-Encoding": scrape.content_encoding}
        self.answer(200, {name: value for name, value in told.items() if value}, scrape.body)


class _Webhook(_Quiet):
    def __init__(self, receiver: Receiver, *args: Any) -> None:
        self._receiver = receiver
        super().__init__(*args)

    def do_POST(self) -> None:
        self._receiver.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.answer(200, {}, b"")


@contextmanager
def _serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.block_on_close = False  # a kept connection would hold the test up
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
