"""A project as the monitor is told to watch it, and the ARNs that name projects and versions.

ARNs are the identity: a name can be used again after a deletion, an ARN never. The digits at the end are the time of
creation in milliseconds since the epoch, each thing's own, so a project's ARN cannot be made from a version's.

Source: Amazon Rekognition API Reference, the patterns of `ProjectArn` and `ProjectVersionArn`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from monitor.domain.account import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIX: Final = r"arn:(?P<partition>[a-z\d-]+):rekognition:(?P<region>[a-z\d-]+):(?P<account>\d{12}):project/"
_NAME: Final = r"[a-zA-Z0-9_.\-]{1,255}"
_PROJECT_ARN: Final = re.compile(rf"{_PREFIX}(?P<name>{_NAME})/(?P<created>\d+)", re.ASCII)
_VERSION_ARN: Final = re.compile(rf"{_PREFIX}{_NAME}/version/(?P<name>{_NAME})/(?P<created>\d+)", re.ASCII)

EVERYTHING: Final = ":project/*"
"""The end of the ARN that stands for all projects of an account and region, as IAM writes it."""

_ENDPOINT_PARTS: Final = 5
"""arn:partition:service:region:account"""

_NO_LABELS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One watched project.

    Attributes:
        arn: The identity; the next five are read from it.
        created_ms: Milliseconds since the epoch.
        labels: The operator's own, into events and the info metric.
        patterns: Names of the versions that are told about (`fnmatch` patterns); empty for all.
        interval: Overrides `poll.interval`.
        transition_interval: Overrides `poll.transition_interval`.
        account: The name of its credentials in the configuration; empty (`account.OWN`) for the process's own.
    """

    arn: str
    partition: str
    region: str
    account_id: str
    name: str
    created_ms: int
    labels: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[str, ...] = ()
    interval: timedelta | None = None
    transition_interval: timedelta | None = None
    account: str = ""

    @property
    def endpoint(self) -> str:
        """The account and region, named as an ARN's beginning: what shares a quota and an endpoint."""
        return f"arn:{self.partition}:rekognition:{self.region}:{self.account_id}"

    @property
    def place(self) -> Place:
        """Where it is asked for."""
        return Place(account=self.account, account_id=self.account_id, region=self.region)

    def watches(self, version_name: str) -> bool:
        """Whether a version of this name is told about."""
        return not self.patterns or any(fnmatchcase(version_name, pattern) for pattern in self.patterns)


def parse_project(
    arn: str,
    *,
    labels: Mapping[str, str] = _NO_LABELS,
    patterns: tuple[str, ...] = (),
    interval: timedelta | None = None,
    transition_interval: timedelta | None = None,
    account: str = "",
) -> Project:
    """The project that *arn* names, watched as the other arguments say. Raises ValueError for any other text."""
    match = _PROJECT_ARN.fullmatch(arn)
    if match is None:
        raise ValueError(f"{arn!r} is not the ARN of a Rekognition project")
    return Project(
        arn=arn,
        partition=match["partition"],
        region=match["region"],
        account_id=match["account"],
        name=match["name"],
        created_ms=int(match["created"]),
        labels=labels,
        patterns=patterns,
        interval=interval,
        transition_interval=transition_interval,
        account=account,
    )


def endpoint_of(arn: str) -> str:
    """The `Project.endpoint` in the ARN of a project, of a version, or of `everything_at`."""
    return ":".join(arn.split(":")[:_ENDPOINT_PARTS])


def everything_at(place: Place) -> Project:
    """What discovery asks *place* about, in the form of a project: its failures are counted and told like a poll's."""
    return Project(
        arn=f"{place.endpoint}{EVERYTHING}",
        partition=place.partition,
        region=place.region,
        account_id=place.account_id or place.account,
        name="*",
        created_ms=0,
        account=place.account,
    )


def is_version_arn(text: str) -> bool:
    """Whether *text* names a project version."""
    return _VERSION_ARN.fullmatch(text) is not None


def version_name(arn: str) -> str:
    """The name in a version's ARN. Raises ValueError for what is no version ARN."""
    match = _VERSION_ARN.fullmatch(arn)
    if match is None:
        raise ValueError(f"{arn!r} is not the ARN of a Rekognition project version")
    return match["name"]


def creation_time(arn: str) -> datetime | None:
    """The time that a project's or version's ARN ends with; None where there is none or it is beyond the calendar."""
    digits = arn.rpartition("/")[2]
    if not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(digits))
    except (OverflowError, ValueError):  # ValueError: more digits than int() reads
        return None
