"""How AWS is called, and how long that can take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from monitor.aws.pace import FLOOR, closest

ATTEMPTS: Final = 2
"""Of one call, in all. The second is for what passes at once (a kept connection that AWS has closed meanwhile, a single
500); whatever lasts longer is the next poll's business, whose backoff is told and counted."""

LONGEST_BACKOFF: Final = timedelta(seconds=6)
"""Before the second attempt, botocore's standard mode waits up to 1 s after throttling, and up to 5 s more when AWS
asks for it in `x-amz-retry-after`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings:
    """As whom one account is asked.

    Attributes:
        name: In the configuration; `domain.account.OWN` for the process's own credentials.
        profile: Whose credentials are used, or assume the role; None leaves it to botocore (AWS_PROFILE).
        role_arn: The role to assume; None asks with the credentials as they are.
        external_id_file: Holds what the role's trust policy asks for; None where it asks for nothing.
        web_identity_token_file: Holds a token to assume the role with, instead of credentials; None for credentials.
        session_name: What CloudTrail shows for the session.
        duration: Of the role's credentials.
        regions: Where STS is asked, one after the other when one does not answer.
    """

    name: str
    profile: str | None = None
    role_arn: str | None = None
    external_id_file: str | None = None
    web_identity_token_file: str | None = None
    session_name: str = "rekognition-monitor"
    duration: timedelta = timedelta(hours=1)
    regions: tuple[str, ...] = ()
    fips: bool = False
    dual_stack: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsSettings:
    """The settings of `aws` that concern calls.

    Attributes:
        connect_timeout: For each address of the endpoint.
        read_timeout: How long AWS may be silent.
        endpoint_url: Where to ask; None leaves it to botocore (AWS_ENDPOINT_URL, the profile, the region).
        profile: Of the AWS configuration files; None leaves it to botocore (AWS_PROFILE).
        workers: Calls at the same time.
        max_calls_per_second: In one account and region.
        sts_endpoint_url: Where STS is asked; None leaves it to botocore (AWS_ENDPOINT_URL_STS, the region).
        accounts: Those besides the process's own credentials.
        regions: Where STS is asked about the process's own credentials.
    """

    connect_timeout: timedelta
    read_timeout: timedelta
    endpoint_url: str | None
    profile: str | None
    workers: int
    max_calls_per_second: float
    sts_endpoint_url: str | None = None
    fips: bool = False
    dual_stack: bool = False
    accounts: tuple[AccountSettings, ...] = ()
    regions: tuple[str, ...] = ()


def longest_call(settings: AwsSettings) -> timedelta:
    """The longest that one call should take once its turn has come, all attempts included."""
    return ATTEMPTS * (settings.connect_timeout + settings.read_timeout) + (ATTEMPTS - 1) * LONGEST_BACKOFF


def longest_poll(settings: AwsSettings) -> timedelta:
    """The longest that one page should take, all attempts and waits for the budget included.

    In front of each attempt every other worker may be waiting for the same budget at its slowest. Not bounded by any
    setting, and so not in here: looking up a name, and fetching new credentials.
    """
    slowest = max(closest(settings.max_calls_per_second), 1 / (settings.max_calls_per_second * FLOOR))
    turn = timedelta(seconds=settings.workers * slowest)
    return ATTEMPTS * turn + longest_call(settings)
