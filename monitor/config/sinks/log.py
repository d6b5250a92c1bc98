"""The settings of a sink of type `log`."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from monitor.config.sinks.base import Sink
from monitor.config.values import Count  # noqa: TC001 - pydantic reads the annotations when it runs


class LogSink(Sink):
    """A line in the monitor's own log for each event. One named `log` is on unless the file says otherwise."""

    concurrency: Count = Field(default=1, ge=1, le=1, description="One: lines are written one after the other.")
    may_be_log: ClassVar[bool] = True

    type: Literal["log"] = Field(description="Lines in the monitor's own log.")
