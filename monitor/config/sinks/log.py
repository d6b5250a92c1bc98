"""The settings of a sink of type `log`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from monitor.config.sinks.base import Sink


class LogSink(Sink):
    """A line in the monitor's own log for each event. One named `log` is on unless the file says otherwise."""

    type: Literal["log"] = Field(description="Lines in the monitor's own log.")
