"""What the sinks that are services of AWS have in common: as whom, and where they are asked."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from monitor.config.sinks.base import Sink
from monitor.config.values import HttpUrl, Text  # noqa: TC001 - pydantic reads the annotations when it runs

_ROLE: Final = r"arn:[a-z0-9-]+:iam::[0-9]{12}:role/[\w+=,.@/-]{1,512}"
_SESSION_NAME: Final = r"[\w+=,.@-]{2,64}"
"""Both: AWS Security Token Service API Reference, AssumeRole."""
_REGION: Final = r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+"


def check_role(text: str) -> str:
    if not re.fullmatch(_ROLE, text, re.ASCII):
        raise ValueError("is not the ARN of a role: write it as in arn:aws:iam::111122223333:role/rekognition-events")
    return text


def check_session_name(text: str) -> str:
    if not re.fullmatch(_SESSION_NAME, text, re.ASCII):
        raise ValueError("is not a session name: use 2 to 64 letters, digits and _+=,.@-")
    return text


def check_region(text: str) -> str:
    if not re.fullmatch(_REGION, text, re.ASCII):
        raise ValueError("is not a region: write it as in us-east-1")
    return text


RoleArn = Annotated[str, AfterValidator(check_role), Field(json_schema_extra={"pattern": f"^{_ROLE}$"})]
SessionName = Annotated[
    str, AfterValidator(check_session_name), Field(json_schema_extra={"pattern": f"^{_SESSION_NAME}$"})
]
Region = Annotated[str, AfterValidator(check_region), Field(json_schema_extra={"pattern": f"^{_REGION}$"})]


class AwsSink(Sink):
    """What a sink that is a service of AWS has besides."""

    role_arn: RoleArn | None = Field(
        default=None,
        description="A role to assume; null sends with the process's own credentials, or those of `profile`. Its "
        "credentials are renewed before they expire.",
        examples=["arn:aws:iam::444455556666:role/rekognition-events"],
    )
    external_id_file: Text | None = Field(
        default=None,
        description="A file with the external id that the role's trust policy asks for; read when the role is assumed.",
        examples=["${CREDENTIALS_DIRECTORY}/secrets_events-external-id"],
    )
    role_session_name: SessionName = Field(
        default="rekognition-monitor",
        description="What CloudTrail of the role's account shows for the session.",
        examples=["rekognition-monitor"],
    )
    profile: Text | None = Field(
        default=None,
        description="A profile of the shared AWS configuration files. null: boto3's usual chain.",
        examples=["events"],
    )
    endpoint_url: HttpUrl | None = Field(
        default=None,
        description="Another address to ask, such as a VPC endpoint. null: AWS's own, or AWS_ENDPOINT_URL.",
        examples=["https://vpce-0123456789abcdef0.sns.us-east-1.vpce.amazonaws.com"],
    )

    @field_validator("external_id_file", mode="after")
    @classmethod
    def _with_role(cls, path: str | None, info: ValidationInfo) -> str | None:
        if path is not None and "role_arn" in info.data and info.data["role_arn"] is None:
            raise ValueError("is of no use without role_arn: name the role, or take this out")
        return path
