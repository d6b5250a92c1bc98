"""A scenario: which projects and versions there are, what happens to them, and which faults to make.

The shipped ones, in `config/scenarios`, explain the format with comments.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from monitor.simulator.arns import NAME, ProjectArn
from monitor.simulator.documents import wire_fields
from monitor.simulator.durations import Duration  # noqa: TC001 - pydantic reads it at run time
from monitor.simulator.faults import Fault  # noqa: TC001 - as above
from monitor.simulator.limits import Durations, Limits
from monitor.simulator.lives import Pace
from monitor.simulator.roles import RoleSpec  # noqa: TC001 - as above

_FROZEN = ConfigDict(frozen=True, extra="forbid")
_STAMP = 1_767_225_600_000
"""2026-01-01T00:00:00Z in milliseconds: the creation of a project that is given without an ARN, so that its ARN is the
same whenever the scenario is played."""


def _checked_fields(fields: dict[str, Any]) -> dict[str, Any]:
    wire_fields(fields)
    return fields


Account = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
Region = Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
Name = Annotated[str, Field(pattern=rf"^{NAME}$")]
Status = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
Fields = Annotated[dict[str, Any], AfterValidator(_checked_fields)]
Probability = Annotated[float, Field(ge=0, le=1)]


class StepSpec(BaseModel):
    """What happens to a version, so long after the step before it (the first: after the beginning)."""

    model_config = _FROZEN

    after: Duration
    status: Status | None = None
    message: str | None = None
    fields: Fields = {}
    gone: bool = False

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        changes = bool(self.status or self.message is not None or self.fields)
        if changes == self.gone:
            raise ValueError("a step changes `status`, `message` or `fields`, or it says `gone: true`; one of both")
        return self


class VersionSpec(BaseModel):
    """A version. Without a status it is not there until a step gives it one."""

    model_config = _FROZEN

    name: Name
    status: Status | None = None
    tags: dict[str, str] = {}
    age: Duration = timedelta(days=1)
    """How long ago it was created, when the simulator begins; not divided by the speed."""
    message: str | None = None
    fields: Fields = {}
    steps: tuple[StepSpec, ...] = ()
    repeat: bool = False

    @model_validator(mode="after")
    def _comes_to_be(self) -> Self:
        if self.status is None and not any(step.status for step in self.steps):
            raise ValueError(f"version {self.name} never has a status; give it a `status`, or a step that does")
        if self.repeat and not sum((step.after for step in self.steps), timedelta()):
            raise ValueError(f"the steps of {self.name} repeat without taking any time; give one a longer `after`")
        return self


class LivesSpec(BaseModel):
    """Versions with random lives; the same seed gives the same lives."""

    model_config = _FROZEN

    count: int = Field(ge=1)
    seed: int = 0
    pace: Pace = Pace.REALISTIC
    prefix: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_.\-]{1,200}$")] = "life-"
    moves: int = Field(default=30, ge=1)
    repeat: bool = False
    unknown_statuses: Probability = 0.0
    skipped_moves: Probability = 0.0
    born_within: Duration | None = None


class ProjectSpec(BaseModel):
    """A project: its ARN, or a name in an account and region."""

    model_config = _FROZEN

    arn: str | None = None
    name: Name | None = None
    account: Account | None = None
    region: Region | None = None
    feature: Literal["CUSTOM_LABELS", "CONTENT_MODERATION"] = "CUSTOM_LABELS"
    shared_with: tuple[Account, ...] = ()
    """Accounts that may copy its models (the project policy)."""
    tags: dict[str, str] = {}
    versions: tuple[VersionSpec, ...] = ()
    lives: LivesSpec | None = None

    @model_validator(mode="after")
    def _has_one_name(self) -> Self:
        if (self.arn is None) == (self.name is None):
            raise ValueError("a project has either an `arn` or a `name`")
        if self.arn is not None:
            ProjectArn.parse(self.arn)
            if self.account or self.region:
                raise ValueError("`account` and `region` go with a `name`; an `arn` holds them already")
        names = Counter(version.name for version in self.versions)
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            raise ValueError(f"versions with the same name: {', '.join(twice)}")
        return self


class Scenario(BaseModel):
    """All of it. Everything has a default: `Scenario()` is an empty world with AWS's limits."""

    model_config = _FROZEN

    speed: float = Field(default=1.0, ge=0.001, le=100_000)
    """The speed that suits the scenario, for who plays it; the simulator takes its own from its caller."""
    account: Account = "111122223333"
    region: Region = "us-east-1"
    """For projects that name no other."""
    access_keys: dict[str, Account] = {}
    """Whose access key is whose account; an unknown key is that of `account`."""
    roles: tuple[RoleSpec, ...] = ()
    """What STS lets be assumed, each in the account of its ARN."""
    quotas: dict[Account, Annotated[int, Field(ge=1)]] = {}
    """Calls a second of accounts whose quota is another than `limits.calls_per_second`."""
    limits: Limits = Limits()
    durations: Durations = Durations()
    projects: tuple[ProjectSpec, ...] = ()
    faults: tuple[Fault, ...] = ()

    @model_validator(mode="after")
    def _no_project_twice(self) -> Self:
        arns = Counter(str(self.arn_of(project)) for project in self.projects)
        twice = [arn for arn, count in arns.items() if count > 1]
        if twice:
            raise ValueError(f"the same project more than once: {', '.join(twice)}")
        return self

    def arn_of(self, project: ProjectSpec) -> ProjectArn:
        if project.arn is not None:
            return ProjectArn.parse(project.arn)
        region, account = project.region or self.region, project.account or self.account
        return ProjectArn(region=region, account=account, name=str(project.name), stamp=_STAMP)

    def account_of(self, access_key: str) -> str:
        return self.access_keys.get(access_key, self.account)

    @property
    def project_arns(self) -> tuple[str, ...]:
        """What a monitor of this scenario watches."""
        return tuple(str(self.arn_of(project)) for project in self.projects)
