"""How the monitor writes about itself: structlog to standard error, one line an entry, JSON or for people.

Where standard error is systemd's journal, what would be JSON is sent to it as fields (`monitor.journal`).

What libraries say through the standard library's logging comes the same way, warnings and worse. Text from outside can
hold anything, so control characters are made visible before a line is written for people; JSON escapes them by itself.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

import orjson
import structlog

from monitor.domain.text import visible
from monitor.journal import JournalStream, connected

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

_LIBRARIES: Final = logging.WARNING
"""Below this, libraries are not heard: botocore writes whole answers at the debug level."""

_TELLTALE: Final = "urllib3.connection"
"""Warns of an answer with odd headers by the whole URL, whose path is the secret of many a webhook."""


def configure(level: str, form: str, stream: TextIO | None = None) -> None:
    """Write entries of *level* ("info", …) and above in *form* ("json" or "console") to *stream* (standard error)."""
    stream = _chosen(stream or sys.stderr, form)
    threshold = LEVELS[level]
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render = _for_people(stream) if form == "console" else _for_machines()
    structlog.configure(
        processors=[*shared, *render],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    _configure_libraries(shared, render, stream, max(threshold, _LIBRARIES))


def _chosen(stream: TextIO, form: str) -> TextIO:
    """Where to write: *stream*, or the journal when that is behind it."""
    if form == "json" and connected(stream, os.environ.get("JOURNAL_STREAM")):
        return cast("TextIO", JournalStream(stream))
    return stream


def _configure_libraries(shared: list[Processor], render: list[Processor], stream: TextIO, threshold: int) -> None:
    """Have what libraries log with the standard library look the same."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render]
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(threshold)
    logging.getLogger(_TELLTALE).setLevel(logging.ERROR)


def _for_machines() -> list[Processor]:
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]


def _for_people(stream: TextIO) -> list[Processor]:
    return [
        _make_visible,
        structlog.dev.ConsoleRenderer(
            colors=stream.isatty(),
            exception_formatter=structlog.dev.plain_traceback,  # the other one prints local variables: secrets
        ),
    ]


def _json(entry: Any, **_: Any) -> str:
    return orjson.dumps(entry, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def _make_visible(_logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
    return {key: visible(value) if isinstance(value, str) else value for key, value in entry.items()}
