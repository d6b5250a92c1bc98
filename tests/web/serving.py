"""The application over parts that a test chooses, served for real."""

from __future__ import annotations

from contextlib import contextmanager
from gzip import compress
from typing import TYPE_CHECKING, Any

import httpx

from monitor.domain.delivery import Message
from monitor.domain.events import EventType
from monitor.domain.severity import Severity
from monitor.view import ProjectState, View
from monitor.web import Ports, WebServer, build_app
from tests.builders import PROJECT_ARN, T0, version_arn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from starlette.types import ASGIApp

    from monitor.domain.inquiry import Inquiry
    from monitor.domain.receipt import Receipt
    from monitor.domain.seeing import Watch
    from monitor.domain.step import Step
    from monitor.web.ports import Metrics


def metrics_of(text: bytes) -> Metrics:
    """What a scrape is answered with, always *text*."""
    return lambda _, *, gzip: ([compress(text) if gzip else text], "text/plain; version=0.0.4; charset=utf-8")


class NoRecords:
    """A history that holds nothing."""

    def events(self, _inquiry: Inquiry) -> Sequence[Message]:
        return ()

    def event(self, _event_id: str) -> Message | None:
        return None

    def newest_position(self) -> int:
        return 0

    def about(self, _subject: str, *, limit: int, before: int | None = None) -> Sequence[Message]:  # noqa: ARG002
        return ()

    def steps(self, _version_arns: Collection[str], _since: datetime) -> Mapping[str, Sequence[Step]]:
        return {}

    def receipts(self, _subject: str, *, limit: int) -> Sequence[Receipt]:  # noqa: ARG002 - as the port has it
        return ()

    def watches(self, _project_arns: Collection[str], _since: datetime) -> Mapping[str, Sequence[Watch]]:
        return {}


def make_ports(*states: ProjectState, **parts: Any) -> Ports:
    """Ports over these states; *parts* take the place of the usual ones, which have nothing to complain of."""
    view = View()
    for state in states:
        view.publish(state)
    usual: dict[str, Any] = {
        "view": view,
        "metrics": metrics_of(b"up 1\n"),
        "health": lambda: {"polls": None, "scheduler": None},
        "ready": lambda: (),
        "reload": lambda: (),
        "config_text": lambda: "poll: {interval: 5m}\n",
        "latest": lambda _limit: (),
        "records": NoRecords(),
        "sinks": lambda: (),
        "subscribe": lambda _called: lambda: None,
        "stopping": lambda: False,
        "clock": lambda: T0,
        "version": "1.2.3",
    }
    return Ports(**{**usual, **parts})


def message(
    position: int = 1, *, severity: Severity = Severity.INFO, summary: str = "v1: STARTING -> RUNNING"
) -> Message:
    """A stored event."""
    return Message(
        position=position,
        id=f"id-{position}",
        type=EventType.VERSION_STATUS_CHANGED,
        severity=severity,
        source=PROJECT_ARN,
        subject=version_arn(),
        time=T0,
        document=f'{{"id":"id-{position}","data":{{"summary":"{summary}"}}}}'.encode(),
    )


@contextmanager
def served(app: ASGIApp) -> Iterator[httpx.Client]:
    """A client of *app*, which listens on a free port of this machine until the block ends."""
    server = WebServer(app, "127.0.0.1:0")
    server.start()
    try:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            yield client
    finally:
        server.stop(timeout=2)


@contextmanager
def client_of(*states: ProjectState, **parts: Any) -> Iterator[httpx.Client]:
    """A client of the monitor's application over `make_ports`."""
    with served(build_app(make_ports(*states, **parts))) as client:
        yield client
