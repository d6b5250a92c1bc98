"""What the web side asks the rest of the program for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from monitor.domain.delivery import Message
    from monitor.domain.inquiry import Inquiry
    from monitor.domain.receipt import Receipt
    from monitor.domain.seeing import Watch
    from monitor.domain.standing import SinkState
    from monitor.domain.step import Step
    from monitor.view import View


class Metrics(Protocol):
    """What a scrape is answered with."""

    def __call__(self, accept: str, /, *, gzip: bool) -> tuple[Sequence[bytes], str]: ...


class Records(Protocol):
    """The history; `monitor.store.records.Records` has it. Each may block, and may raise StateError."""

    def events(self, inquiry: Inquiry) -> Sequence[Message]:
        """Those that are wanted."""

    def event(self, event_id: str) -> Message | None:
        """The one of that id, if it is stored."""

    def newest_position(self) -> int:
        """Where the history ends; 0 when there is none."""

    def about(self, subject: str, *, limit: int, before: int | None = None) -> Sequence[Message]:
        """The newest about a version, newest first."""

    def steps(self, version_arns: Collection[str], since: datetime) -> Mapping[str, Sequence[Step]]:
        """What is stored of these versions' statuses from *since* on, oldest first; nothing of those without."""

    def receipts(self, subject: str, *, limit: int) -> Sequence[Receipt]:
        """What became of the newest deliveries of events about a version, newest first."""

    def watches(self, project_arns: Collection[str], since: datetime) -> Mapping[str, Sequence[Watch]]:
        """When these projects were seen after *since*, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The parts of the program that answers are made of. Each may be called from any thread.

    Attributes:
        metrics: From an Accept header, and whether to compress it to one gzip member, to the body in parts and its
            content type.
        health: Each loop by name: None when it made progress lately, else what is wrong.
        ready: The ARNs of the projects that have nothing to show yet.
        reload: Loads the configuration again; returns why it was refused, nothing when it was done. May take long.
        config_text: The running configuration as YAML, secrets masked.
        latest: The last so many stored events, newest first. May block; may raise StateError.
        records: What else there is of the history.
        sinks: Each sink with how it stands. May block; may raise StateError.
        subscribe: Has a function called after each poll, by the thread that polled, until what is returned is called.
        stopping: Whether the program is about to end, so that nobody should wait for anything new; those who
            subscribed are called once more.
        clock: The time, UTC.
    """

    view: View
    metrics: Metrics
    health: Callable[[], Mapping[str, str | None]]
    ready: Callable[[], Sequence[str]]
    reload: Callable[[], Sequence[str]]
    config_text: Callable[[], str]
    latest: Callable[[int], Sequence[Message]]
    records: Records
    sinks: Callable[[], Sequence[SinkState]]
    subscribe: Callable[[Callable[[], None]], Callable[[], None]]
    stopping: Callable[[], bool]
    clock: Callable[[], datetime]
    version: str
