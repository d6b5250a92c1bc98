"""The settings of the places where events go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, field_validator

from monitor.config.event_types import expand
from monitor.config.section import DAY, MINUTE, Section
from monitor.config.values import (  # noqa: TC001 - pydantic reads the annotations when it runs
    Count,
    Duration,
    EventType,
    SinkName,
    StatusWord,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_SINK: Final = "log"


class Sink(Section):
    """What every sink has: which events go to it, and how long it is tried."""

    name: SinkName = Field(
        description="Its name in logs, metrics and the outbox. Under a new name it is a new sink.",
        examples=["audit"],
    )
    enabled: bool = Field(default=True, description="false keeps the sink in the file and sends it nothing.")
    types: tuple[EventType, ...] = Field(
        default=(),
        min_length=1,
        description="Types of events to send; all when left out. A short word stands for every type that ends with it: "
        "appeared and disappeared for versions and projects, project.appeared for projects only.",
        examples=[["status_changed", "unreachable", "recovered"]],
    )
    min_severity: Literal["info", "warning", "error", "critical"] = Field(
        default="info", description="Events below it are not sent.", examples=["warning"]
    )
    projects: tuple[Text, ...] = Field(
        default=(),
        min_length=1,
        description="Names or ARNs of projects, with the wildcards *, ? and []; all when left out. A fault of a whole "
        "account and region concerns every project, and passes.",
        examples=[["shop-*"]],
    )
    statuses: tuple[StatusWord, ...] = Field(
        default=(),
        min_length=1,
        description="The status that a version has now, or had last, as AWS writes it; all when left out. With any "
        "status here, events about projects are not sent.",
        examples=[["RUNNING", "FAILED"]],
    )
    max_attempts: Count = Field(
        default=5000,
        ge=1,
        le=100_000,
        description="Attempts until a delivery is given up. The default is more than max_age has room for, so that the "
        "age decides.",
        examples=[20],
    )
    max_age: Duration = Field(
        default=3 * DAY,
        ge=MINUTE,
        le=3650 * DAY,
        description="How old an undelivered event may become until it is given up; three days last over a weekend.",
        examples=["3d"],
    )

    @field_validator("types", mode="after")
    @classmethod
    def _whole_types(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for word in given for name in expand(word)))


class LogSink(Sink):
    """A line in the monitor's own log for each event. One named `log` is on unless the file says otherwise."""

    type: Literal["log"] = Field(description="Lines in the monitor's own log.")


class FileSink(Sink):
    """A file of JSON lines, one event a line."""

    type: Literal["file"] = Field(description="A file of JSON lines.")
    path: Text = Field(
        description="The file; it is made when it is missing, and opened again when it was rotated.",
        examples=["/var/lib/rekognition-monitor/events.jsonl"],
    )

    @field_validator("name", mode="after")
    @classmethod
    def _not_log(cls, name: str) -> str:
        if name == DEFAULT_SINK:
            raise ValueError("is the name of the sink of type log: choose another")
        return name


AnySink = Annotated[LogSink | FileSink, Field(discriminator="type")]
SINKS: Final[Mapping[str, type[LogSink | FileSink]]] = {"log": LogSink, "file": FileSink}
