"""The settings: their names, defaults, limits and reasons. Frozen, of plain types, unknown keys forbidden.

What stands in a description here is what the JSON Schema and the reference say. A limit is there because a value beyond
it is a mistake in every case that we know of. What one entry says about another (two projects with one ARN) is checked
where the file is read.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations when it runs
from typing import Any, Literal

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from monitor.config.accounts import Account, AccountName, Discover, anything_to_watch
from monitor.config.aws import Aws
from monitor.config.section import DAY, HOUR, MINUTE, SECOND, KeyPath, Section
from monitor.config.sinks import DEFAULT_SINK, SINKS, AnySink, FileSink, LogSink, Sink
from monitor.config.values import (  # noqa: TC001 - pydantic reads the annotations when it runs
    Count,
    Duration,
    LabelName,
    Number,
    ProjectArn,
    StateUrl,
    Text,
)
from monitor.config.web import Web

__all__ = [
    "SINKS",
    "Account",
    "AnySink",
    "Aws",
    "Config",
    "Discover",
    "FileSink",
    "Log",
    "LogSink",
    "Metrics",
    "Poll",
    "Project",
    "Sink",
    "State",
    "Web",
]


class Poll(Section):
    """How often AWS is asked, and how much it takes to believe an answer."""

    interval: Duration = Field(
        default=5 * MINUTE,
        ge=SECOND,
        le=DAY,
        description="How long until a project in which nothing goes on is asked again. Shorter finds changes sooner "
        "and costs calls: every project is one call (one for each 100 versions).",
        examples=["5m"],
    )
    transition_interval: Duration = Field(
        default=30 * SECOND,
        ge=SECOND,
        le=DAY,
        description="The same while a version trains, starts, stops, copies or is deleted.",
        examples=["30s"],
    )
    jitter: Number = Field(
        default=0.1,
        ge=0,
        le=0.5,
        description="The part of an interval by which each wait is made longer or shorter at random, so that projects "
        "do not come in step. Above 0.5 an interval would no longer say much.",
        examples=[0.1],
    )
    confirm_absence: Count = Field(
        default=2,
        ge=1,
        le=100,
        description="Complete listings in a row without a version until it counts as gone (one, if it was DELETING). 1 "
        "believes a single listing, and AWS's pages are not a snapshot.",
        examples=[2],
    )
    unreachable_after: Count = Field(
        default=3,
        ge=1,
        le=1000,
        description="Failed polls in a row until a project is told to be unreachable.",
        examples=[3],
    )
    workers: Count = Field(
        default=8,
        ge=1,
        le=64,
        description="Polls under way at the same time. More helps when AWS answers slowly; each is a thread and a "
        "connection.",
        examples=[8],
    )


class State(Section):
    """What is remembered over a restart."""

    url: StateUrl = Field(
        default="sqlite:////var/lib/rekognition-monitor/state.db",
        description="The database: sqlite:/// and a path (four slashes make it absolute).",
        examples=["sqlite:////var/lib/rekognition-monitor/state.db"],
    )
    keep_events: Duration = Field(
        default=90 * DAY,
        ge=HOUR,
        le=36500 * DAY,
        description="How long delivered events are kept as history. Longer costs disk, about 2 KiB an event. "
        "Undelivered ones are kept whatever their age.",
        examples=["90d"],
    )


class Metrics(Section):
    """What Prometheus scrapes."""

    statuses: Literal["all", "current"] = Field(
        default="all",
        description="all shows each version with a series for every status, 1 for the one it has and 0 for the others; "
        "current only the one that is 1, for very large fleets: it halves the series, but each ends when its status "
        "does.",
        examples=["all"],
    )

    @property
    def current_only(self) -> bool:
        """Whether only the current status of a version is shown."""
        return self.statuses == "current"


class Log(Section):
    """What the monitor writes about itself, to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description="The least that is written. debug adds a line for each call to AWS.",
        examples=["info"],
    )
    format: Literal["json", "console"] = Field(
        default="json", description="json for machines, console for people.", examples=["json"]
    )


class Project(Section):
    """One project to watch."""

    arn: ProjectArn = Field(
        description="The project's ARN, whole, with the digits at its end.",
        examples=["arn:aws:rekognition:us-east-1:111122223333:project/my-project/1690474772815"],
    )
    account: AccountName | None = Field(
        default=None,
        description="The name of the entry of `accounts` to ask it with; null asks with the process's own credentials, "
        "or those of aws.profile.",
        examples=["production"],
    )
    interval: Duration | None = Field(
        default=None, ge=SECOND, le=DAY, description="Instead of poll.interval.", examples=["1m"]
    )
    transition_interval: Duration | None = Field(
        default=None, ge=SECOND, le=DAY, description="Instead of poll.transition_interval.", examples=["10s"]
    )
    versions: tuple[Text, ...] = Field(
        default=(),
        min_length=1,
        description="Names of versions to watch, with the wildcards *, ? and []; all when left out. It saves no calls: "
        "AWS lists the whole project.",
        examples=[["prod-*"]],
    )
    labels: Mapping[LabelName, Text] = Field(
        default={},
        description="Labels of your own, put into events and the info metrics.",
        examples=[{"team": "vision"}],
    )


class Config(Section):
    """The configuration of rekognition-monitor."""

    poll: Poll = Field(default=Poll(), description="How often AWS is asked.")
    aws: Aws = Field(default=Aws(), description="How AWS is called.")
    state: State = Field(default=State(), description="What is remembered over a restart.")
    web: Web = Field(default=Web(), description="The page, /metrics and the API.")
    metrics: Metrics = Field(default=Metrics(), description="What Prometheus scrapes.")
    log: Log = Field(default=Log(), description="What the monitor writes about itself.")
    accounts: tuple[Account, ...] = Field(
        default=(),
        description="Accounts besides that of the process's own credentials, and where to look for projects in them.",
        examples=[
            [
                {
                    "name": "production",
                    "role_arn": "arn:aws:iam::111122223333:role/rekognition-monitor",
                    "regions": ["us-east-1"],
                    "discover": {},
                }
            ]
        ],
    )
    projects: tuple[Project, ...] = Field(
        default=(),
        validate_default=True,
        description="The projects to watch, one at least unless an account discovers its own.",
        examples=[[{"arn": "arn:aws:rekognition:us-east-1:111122223333:project/my-project/1690474772815"}]],
    )
    sinks: tuple[AnySink, ...] = Field(
        default=(),
        validate_default=True,
        description="Where events go, besides the sink `log`, which is on unless a sink of type log stands here: turn "
        "it off with {name: log, type: log, enabled: false}.",
        examples=[[{"name": "audit", "type": "file", "path": "/var/lib/rekognition-monitor/events.jsonl"}]],
    )

    _substituted: Mapping[KeyPath, str] = PrivateAttr(default_factory=dict)

    @field_validator("projects", mode="wrap")
    @classmethod
    def _something_to_watch(cls, given: object, read: Any, info: ValidationInfo) -> tuple[Project, ...]:
        projects: tuple[Project, ...] = read(given)
        if not anything_to_watch(projects, info.data.get("accounts")):
            kind = "missing" if given == () else "too_short"  # a file's is a list
            raise PydanticCustomError(kind, "no project")
        return projects

    @field_validator("sinks", mode="after")
    @classmethod
    def _with_default_sink(cls, given: tuple[AnySink, ...]) -> tuple[AnySink, ...]:
        if any(sink.type == "log" for sink in given):
            return given
        return (*given, LogSink(name=DEFAULT_SINK, type="log"))

    @property
    def substituted(self) -> Mapping[KeyPath, str]:
        """The texts that came from the environment, by their place, as the file writes them (`${NAME}`)."""
        return self._substituted

    def with_substituted(self, substituted: Mapping[KeyPath, str]) -> Config:
        """This configuration, which shows *substituted* instead of what the environment said.

        The types of a sink are left out: they are words of a closed set, and one may have become several.
        """
        copy = self.model_copy()
        shown = {path: text for path, text in substituted.items() if path[:1] != ("sinks",) or "types" not in path}
        copy._substituted = shown  # noqa: SLF001 - our own
        return copy
