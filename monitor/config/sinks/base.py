"""What every sink has."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations when it runs
from typing import ClassVar, Final, Literal

from pydantic import Field, field_validator

from monitor.config.event_types import expand
from monitor.config.section import DAY, MINUTE, Section
from monitor.config.sinks.parts import (
    Flapping,
    QuietWindow,
    Statuses,
)
from monitor.config.values import (  # noqa: TC001 - pydantic reads the annotations when it runs
    Count,
    Duration,
    EventType,
    LabelName,
    SinkName,
    Text,
)

DEFAULT_SINK: Final = "log"


class Sink(Section):
    """What every sink has: which events go to it, and how long it is tried."""

    may_be_log: ClassVar[bool] = False

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
    versions: tuple[Text, ...] = Field(
        default=(),
        min_length=1,
        description="Names or ARNs of versions, with the wildcards *, ? and []; all when left out. Events about "
        "projects pass.",
        examples=[["prod-*"]],
    )
    labels: Mapping[LabelName, Text] = Field(
        default={},
        description="Labels that a project has to have, each with a pattern for its value; none when left out. A fault "
        "of a whole account and region passes.",
        examples=[{"team": "vision"}],
    )
    statuses: Statuses = Field(
        default=(),
        description="The status that a version has now, or had last, as AWS writes it; all when left out. Or a mapping "
        "of `from` and `to`: the statuses before and after. With any status here, events about projects are not sent.",
        examples=[["RUNNING", "FAILED"], {"from": ["RUNNING"]}],
    )
    quiet: tuple[QuietWindow, ...] = Field(
        default=(),
        min_length=1,
        description="Times of the week in which events of less than a severity wait; none when left out. They are sent "
        "when the window ends.",
        examples=[[{"from": "22:00", "to": "07:00", "zone": "Europe/Berlin"}]],
    )
    concurrency: Count = Field(
        default=1,
        ge=1,
        le=64,
        description="Calls of the sink under way at once. Events about one version always come one after the other.",
        examples=[4],
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

    @field_validator("name", mode="after")
    @classmethod
    def _not_log(cls, name: str) -> str:
        if name == DEFAULT_SINK and not cls.may_be_log:
            raise ValueError("is the name of the sink of type log: choose another")
        return name

    @field_validator("types", mode="after")
    @classmethod
    def _whole_types(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for word in given for name in expand(word)))


class PeopleSink(Sink):
    """What a sink that people read has besides."""

    flapping: Flapping | None = Field(
        default=Flapping(),
        description="When a version counts as flapping: people are then told once that it does, and once what came of "
        "it; null tells them of every change.",
        examples=[{"changes": 5, "within": "10m"}],
    )
