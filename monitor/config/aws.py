"""The settings of `aws`: how AWS is called, whichever account is asked."""

from __future__ import annotations

from pydantic import Field

from monitor.config.section import MINUTE, SECOND, Section
from monitor.config.values import (  # noqa: TC001 - pydantic reads the annotations when it runs
    Duration,
    HttpUrl,
    Number,
    Text,
)


class Aws(Section):
    """How AWS is called. Credentials come from where boto3 looks for them; they never stand in this file."""

    max_calls_per_second: Number = Field(
        default=1.0,
        ge=0.01,
        le=100,
        description="Calls a second, retries included, in one account and region. AWS's default quota is 5, shared "
        "with the console, deployments and everything else there.",
        examples=[1],
    )
    connect_timeout: Duration = Field(
        default=5 * SECOND,
        ge=SECOND,
        le=5 * MINUTE,
        description="How long a connection to AWS may take. Longer holds a worker longer when AWS cannot be reached.",
        examples=["5s"],
    )
    read_timeout: Duration = Field(
        default=20 * SECOND,
        ge=SECOND,
        le=5 * MINUTE,
        description="How long an answer of AWS may take, to its last byte.",
        examples=["20s"],
    )
    endpoint_url: HttpUrl | None = Field(
        default=None,
        description="Another address of Rekognition instead of AWS's own: a VPC endpoint, or the simulator.",
        examples=["http://127.0.0.1:4566"],
    )
    sts_endpoint_url: HttpUrl | None = Field(
        default=None,
        description="Another address of STS, which `accounts` need, instead of AWS's own in each region: a VPC "
        "endpoint, or the simulator.",
        examples=["https://vpce-0123456789abcdef0.sts.us-east-1.vpce.amazonaws.com"],
    )
    profile: Text | None = Field(
        default=None,
        description="A profile of the shared AWS configuration files; null takes boto3's usual chain.",
        examples=["monitoring"],
    )
    fips: bool = Field(
        default=False,
        description="true asks the endpoints whose cryptography is validated by FIPS 140; not every region has one. An "
        "account may say otherwise.",
        examples=[True],
    )
    dual_stack: bool = Field(
        default=False,
        description="true asks the endpoints that have IPv6 addresses too. An account may say otherwise.",
        examples=[True],
    )
