"""AWS's quotas, and how long its operations take: what a scenario may set to something else."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from monitor.simulator.durations import Duration  # noqa: TC001 - pydantic reads it at run time

_FROZEN = ConfigDict(frozen=True, extra="forbid")


class Limits(BaseModel):
    """Defaults are AWS's own ("Amazon Rekognition endpoints and quotas", AWS General Reference), where it has one."""

    model_config = _FROZEN

    calls_per_second: int | None = Field(default=5, ge=1)
    """Per account, region and operation; null for no limit."""
    token_life: Duration = timedelta(minutes=15)
    """How long a pagination token is good for, in real time. AWS says only that they expire."""
    projects: int = Field(default=100, ge=0)
    versions_per_project: int = Field(default=100, ge=0)
    trainings: int = Field(default=2, ge=0)
    """At a time, in one account and region; so are the next two."""
    running_models: int = Field(default=2, ge=0)
    copies: int = Field(default=5, ge=0)
    inference_units: int = Field(default=5, ge=1)
    """Per running model."""
    records: int = Field(default=200_000, ge=1)
    """Not AWS's: so many requests and changes the simulator remembers, the latest."""


class Durations(BaseModel):
    """How long what is begun by a call takes; divided by the simulator's speed. Within what AWS documents."""

    model_config = _FROZEN

    training: Duration = timedelta(minutes=30)
    starting: Duration = timedelta(minutes=10)
    stopping: Duration = timedelta(minutes=1)
    copying: Duration = timedelta(minutes=5)
    deleting: Duration = timedelta(minutes=1)
