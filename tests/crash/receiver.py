"""A far end that fails: it refuses, asks for time, breaks off before or after it accepted, or never answers."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from typing import Self

FAULTS: Final = {"refuse": 0.15, "throttle": 0.01, "break_before": 0.1, "break_after": 0.1, "hang": 0.01}
"""How often each happens to a request."""
DOWN: Final = 3.0
EVERY: Final = 10.0
"""Seconds: it refuses everything for so long, again and again, so that several events about one version wait."""
HANGS: Final = 3.0
"""Seconds, longer than the sink waits."""


class Receiver:
    """Takes CloudEvents over HTTP on the loopback.

    Attributes:
        events: Every event that it took, in order, repeats included.
        failing: Whether it fails at all.
        failed: How often it did what.
    """

    def __init__(self, seed: int) -> None:
        self.events: list[dict[str, Any]] = []
        self.failing = True
        self.failed: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}/events"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def fault(self) -> str | None:
        """What happens to the next request."""
        with self._lock:
            if self.failing and (time.monotonic() - self._began) % EVERY < DOWN:
                self.failed["refuse"] += 1
                return "refuse"
            drawn = self._chance.random()
            for name, rate in FAULTS.items() if self.failing else ():
                drawn -= rate
                if drawn < 0:
                    self.failed[name] += 1
                    return name
        return None

    def take(self, body: bytes) -> None:
        with self._lock:
            self.events.append(json.loads(body))

    def hang(self) -> None:
        self._stopping.wait(HANGS)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, receiver: Receiver) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.receiver = receiver

    def handle_error(self, *_: Any) -> None:
        """A client that was killed is nothing to tell."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.server.receiver.fault()
        if fault in {None, "break_after"}:
            self.server.receiver.take(body)
        if fault in {"break_before", "break_after", "hang"}:
            if fault == "hang":
                self.server.receiver.hang()
            self.close_connection = True
        elif fault == "refuse":
            self._answer(500)
        elif fault == "throttle":
            self._answer(429, **{"Retry-After": "1"})
        else:
            self._answer(204)

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def _answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()
