"""The settings of a sink of type `file`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from monitor.config.sinks.base import Sink
from monitor.config.values import Count, Text  # noqa: TC001 - pydantic reads the annotations when it runs


class FileSink(Sink):
    """A file of JSON lines, one event a line."""

    concurrency: Count = Field(default=1, ge=1, le=1, description="One: lines are written one after the other.")
    type: Literal["file"] = Field(description="A file of JSON lines.")
    path: Text = Field(
        description="The file; it is made when it is missing, and opened again when it was rotated.",
        examples=["/var/lib/rekognition-monitor/events.jsonl"],
    )
