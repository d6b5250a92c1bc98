"""The settings of `accounts`: whose projects are watched besides those of the process's own credentials, and where."""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations when it runs
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from monitor.config.section import DAY, HOUR, MINUTE, SECOND, Section
from monitor.config.sinks.aws import (  # noqa: TC001 - pydantic reads the annotations when it runs
    Region,
    RoleArn,
    SessionName,
)
from monitor.config.values import (  # noqa: TC001 - pydantic reads the annotations when it runs
    Duration,
    Text,
)

_NAME: Final = r"[a-z0-9][a-z0-9_-]{0,62}"


def check_name(text: str) -> str:
    if not re.fullmatch(_NAME, text):
        raise ValueError("is not an account's name: use small letters, digits, - and _ (63 at most)")
    return text


AccountName = Annotated[str, AfterValidator(check_name), Field(json_schema_extra={"pattern": f"^{_NAME}$"})]
Feature = Literal["CUSTOM_LABELS", "CONTENT_MODERATION"]

_ROLE: Final = "role_arn"
_NOT_BESIDE: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "source_profile": (("web_identity_token_file", "a token assumes the role by itself: take one of them out"),),
    "web_identity_token_file": (
        ("external_id_file", "a role that is assumed with a token asks for no external id: take one of them out"),
    ),
    "profile": (("role_arn", "to assume the role with the credentials of a profile, write source_profile"),),
}
"""By key: what must not stand beside it, and what is said then. Checked when the later one of the two is read."""


class Discover(Section):
    """Which projects of an account are found and watched without being listed."""

    include: tuple[Text, ...] = Field(
        default=("*",),
        min_length=1,
        description="Names of projects to watch, with the wildcards *, ? and [].",
        examples=[["shop-*"]],
    )
    exclude: tuple[Text, ...] = Field(
        default=(),
        description="Names of projects to leave out although `include` names them. A project that is listed in "
        "`projects` is watched whatever stands here.",
        examples=[["scratch-*"]],
    )
    features: tuple[Feature, ...] = Field(
        default=("CUSTOM_LABELS", "CONTENT_MODERATION"),
        min_length=1,
        description="Which kinds of project: CUSTOM_LABELS for models, CONTENT_MODERATION for adapters.",
        examples=[["CUSTOM_LABELS"]],
    )
    every: Duration = Field(
        default=HOUR,
        ge=SECOND,
        le=7 * DAY,
        description="How often each region is asked for its projects: one call for each 100. A new project is seen "
        "this late at worst.",
        examples=["1h"],
    )
    tags: Mapping[Text, Text] = Field(
        default={},
        description="Tags that a project must have, each with its value or a pattern of it. Needs "
        "rekognition:ListTagsForResource, and one more call for each project, whose answer is kept for a while.",
        examples=[{"monitor": "yes", "team": "vision*"}],
    )


class Account(Section):
    """One account, and the credentials to ask it with: a role to assume, a profile, or else the process's own."""

    name: AccountName = Field(
        description="Its name in this file, in logs and in `projects[].account`.", examples=["production"]
    )
    role_arn: RoleArn | None = Field(
        default=None,
        description="The role to assume there. null asks with the credentials of `profile`, or else with the process's "
        "own.",
        examples=["arn:aws:iam::111122223333:role/rekognition-monitor"],
    )
    external_id_file: Text | None = Field(
        default=None,
        description="A file with the external id that the role's trust policy asks for; read whenever the role is "
        "assumed.",
        examples=["${CREDENTIALS_DIRECTORY}/secrets_production-external-id"],
    )
    session_name: SessionName = Field(
        default="rekognition-monitor",
        description="What CloudTrail of the account shows for the session.",
        examples=["rekognition-monitor"],
    )
    duration: Duration = Field(
        default=HOUR,
        ge=15 * MINUTE,
        le=12 * HOUR,
        description="How long the credentials of the role are good; they are renewed before. More than 1h only where "
        "the role's own limit allows it, and never where another role's credentials assume it.",
        examples=["1h"],
    )
    web_identity_token_file: Text | None = Field(
        default=None,
        description="A file with a token of an OpenID Connect provider, such as Kubernetes writes for a service "
        "account, to assume the role with; read whenever the role is assumed.",
        examples=["/var/run/secrets/eks.amazonaws.com/serviceaccount/token"],
    )
    source_profile: Text | None = Field(
        default=None,
        description="The profile whose credentials assume the role. null: `aws.profile`, or boto3's usual chain.",
        examples=["monitoring"],
    )
    profile: Text | None = Field(
        default=None,
        description="A profile of the shared AWS configuration files whose credentials are this account's.",
        examples=["staging"],
    )
    regions: tuple[Region, ...] = Field(
        default=(),
        description="Where `discover` looks for projects. A listed project is asked in the region of its ARN.",
        examples=[["us-east-1", "eu-west-1"]],
    )
    fips: bool | None = Field(
        default=None, description="Instead of aws.fips, for Rekognition and STS alike.", examples=[True]
    )
    dual_stack: bool | None = Field(default=None, description="Instead of aws.dual_stack, alike.", examples=[True])
    discover: Discover | None = Field(
        default=None,
        description="Find the projects of the account and watch them; {} finds all. null watches only those that "
        "`projects` lists for this account.",
        examples=[{"include": ["*"], "exclude": ["scratch-*"]}],
    )

    @field_validator("external_id_file", "web_identity_token_file", "source_profile", mode="after")
    @classmethod
    def _with_role(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get(_ROLE, value) is None:
            raise ValueError(f"is of no use without {_ROLE}: name the role, or take this out")
        return value

    @field_validator("web_identity_token_file", "source_profile", "profile", mode="after")
    @classmethod
    def _not_beside(cls, value: str | None, info: ValidationInfo) -> str | None:
        for other, advice in _NOT_BESIDE[str(info.field_name)]:
            if value is not None and info.data.get(other) is not None:
                raise ValueError(f"cannot stand beside {other}: {advice}")
        return value

    @field_validator("discover", mode="after")
    @classmethod
    def _somewhere(cls, value: Discover | None, info: ValidationInfo) -> Discover | None:
        if value is not None and info.data.get("regions", value) == ():
            raise ValueError("that looks nowhere: write `regions` beside it, as in regions: [us-east-1]")
        return value


def anything_to_watch(projects: Any, accounts: Any) -> bool:
    """Whether a configuration with these, as they are read so far, can have a project; None was refused already."""
    return bool(projects) or accounts is None or any(account.discover is not None for account in accounts)
