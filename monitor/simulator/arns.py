"""ARNs of projects and versions, as AWS makes them.

The digits at the end are the creation of *that* thing in milliseconds since the epoch: a version's ARN therefore does
not hold its project's (the patterns are those of botocore's model, `ProjectArn` and `ProjectVersionArn`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from datetime import datetime

NAME = r"[a-zA-Z0-9_.\-]{1,255}"
_PREFIX = r"arn:(?P<partition>[a-z0-9-]+):rekognition:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):project/"
PROJECT_ARN = re.compile(rf"{_PREFIX}(?P<name>{NAME})/(?P<stamp>[0-9]+)")
VERSION_ARN = re.compile(rf"{_PREFIX}(?P<project>{NAME})/version/(?P<name>{NAME})/(?P<stamp>[0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectArn:
    partition: str = "aws"
    region: str
    account: str
    name: str
    stamp: int
    """Creation, in milliseconds since the epoch."""

    @classmethod
    def parse(cls, arn: str) -> Self:
        """Raises ValueError when *arn* is not a project's ARN."""
        found = PROJECT_ARN.fullmatch(arn)
        if found is None:
            raise ValueError(f"{arn!r} is not a project ARN (arn:aws:rekognition:REGION:ACCOUNT:project/NAME/DIGITS)")
        return cls(
            partition=found["partition"],
            region=found["region"],
            account=found["account"],
            name=found["name"],
            stamp=int(found["stamp"]),
        )

    def __str__(self) -> str:
        return f"{self._prefix}/{self.stamp}"

    def version(self, name: str, stamp: int) -> str:
        """The ARN of a version of this project, created at *stamp* (milliseconds since the epoch)."""
        return f"{self._prefix}/version/{name}/{stamp}"

    @property
    def _prefix(self) -> str:
        return f"arn:{self.partition}:rekognition:{self.region}:{self.account}:project/{self.name}"


def stamp_of(moment: datetime) -> int:
    """Milliseconds since the epoch."""
    return round(moment.timestamp() * 1000)
