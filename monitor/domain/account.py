"""Where projects are asked for: an account and region, with the credentials that the configuration names for it.

ARNs begin with a partition, and regions belong to one: AWS General Reference, "Amazon Resource Names (ARNs)".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

OWN: Final = ""
"""The name of the account that the process's own credentials, or those of `aws.profile`, belong to."""

_PARTITIONS: Final = (
    ("us-gov-", "aws-us-gov"),
    ("cn-", "aws-cn"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-iso-", "aws-iso"),
    ("eusc-", "aws-eusc"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An account and region that is asked.

    Attributes:
        account: The name of its credentials in the configuration; `OWN` for the process's.
        account_id: Its 12 digits; empty while nobody knows them, which STS has to say.
    """

    account: str
    account_id: str
    region: str

    @property
    def partition(self) -> str:
        """Which of AWS's separate worlds the region is in."""
        return partition_of(self.region)

    @property
    def endpoint(self) -> str:
        """As `Project.endpoint`; the account's name stands in the place of an id that nobody knows yet."""
        return f"arn:{self.partition}:rekognition:{self.region}:{self.account_id or self.account}"

    @property
    def key(self) -> str:
        """Which place of the configuration it is, whatever its account's id turns out to be."""
        return f"{self.account}/{self.region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Which projects of an account are watched without being listed.

    Attributes:
        include: Patterns (`fnmatch`) of names; one has to fit.
        exclude: Patterns of names; none may fit.
        features: AWS's words for kinds of project.
        every: How often each region is asked.
        tags: By the key of a tag that a project must have, a pattern of its value.
    """

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    features: tuple[str, ...]
    every: timedelta
    tags: Mapping[str, str] = field(default_factory=dict)

    def wants(self, name: str) -> bool:
        """Whether a project of this name is to be watched, its tags aside."""
        return _fits(name, self.include) and not _fits(name, self.exclude)

    def wants_tagged(self, tags: Mapping[str, str]) -> bool:
        """Whether a project with these tags is to be watched, its name aside."""
        return all(key in tags and fnmatchcase(tags[key], pattern) for key, pattern in self.tags.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One set of credentials of the configuration.

    Attributes:
        name: `OWN` for the process's own.
        account_id: As the ARN of its role says; empty where only STS knows.
        regions: Where to discover.
        discovery: None watches listed projects only.
    """

    name: str
    account_id: str = ""
    regions: tuple[str, ...] = ()
    discovery: Discovery | None = None

    @property
    def places(self) -> tuple[Place, ...]:
        """Where projects are to be discovered."""
        if self.discovery is None:
            return ()
        return tuple(Place(account=self.name, account_id=self.account_id, region=region) for region in self.regions)


def partition_of(region: str) -> str:
    """The partition of a region, by the beginning of its name."""
    return next((partition for prefix, partition in _PARTITIONS if region.startswith(prefix)), "aws")


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
