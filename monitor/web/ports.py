"""What the web side asks the rest of the program for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from monitor.domain.delivery import Message
    from monitor.view import View


class Metrics(Protocol):
    """What a scrape is answered with."""

    def __call__(self, accept: str, /, *, gzip: bool) -> tuple[Sequence[bytes], str]: ...


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
        events: Stored events after a position, at most so many, oldest first. May block; may raise StateError.
        latest: The last so many stored events, newest first. May block; may raise StateError.
        clock: The time, UTC.
    """

    view: View
    metrics: Metrics
    health: Callable[[], Mapping[str, str | None]]
    ready: Callable[[], Sequence[str]]
    reload: Callable[[], Sequence[str]]
    config_text: Callable[[], str]
    events: Callable[[int, int], Sequence[Message]]
    latest: Callable[[int], Sequence[Message]]
    clock: Callable[[], datetime]
    version: str
