"""What every sink has."""

from __future__ import annotations

from typing import Final, Literal

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
