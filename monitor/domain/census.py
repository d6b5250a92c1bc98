"""Which projects an account has in a region, from one discovery to the next, and which of them are news.

The rules are those of versions: the first census is a baseline and tells nothing; what joins later is new in the world;
a project is gone when enough complete listings in a row lack it, at once when it was DELETING. What is asked for and
what is watched can change with the configuration, and that is no news.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from monitor.domain.project import parse_project

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from monitor.domain.account import Discovery

DELETING: Final = "DELETING"
"""The status of a project that is being deleted (Amazon Rekognition API Reference, ProjectDescription)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A project as it is listed; *status* is AWS's word, empty where it gave none."""

    arn: str
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectListing:
    """Every page of one DescribeProjects.

    Attributes:
        projects: Each ARN once.
        malformed: What was wrong with each entry that is no project; such a listing confirms no absence.
        account_id: Whose projects they are, as STS says; empty where nobody asked it.
    """

    projects: tuple[Found, ...]
    malformed: tuple[str, ...] = ()
    request_ids: tuple[str, ...] = ()
    account_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A project of a census.

    Attributes:
        watched: The configuration wants it.
        missed: Complete listings in a row that lacked it.
        deleting: It was being deleted when it was last listed.
    """

    arn: str
    watched: bool
    missed: int = 0
    deleting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """The projects of one account and region, with their memory.

    Attributes:
        features: What was asked for, in AWS's words; a census of others is no later one of the same.
        taken_at: When the last complete listing was asked for.
        residents: By ARN.
    """

    features: tuple[str, ...]
    taken_at: datetime
    residents: Mapping[str, Resident] = field(default_factory=dict)

    @property
    def watched(self) -> tuple[str, ...]:
        """The ARNs of those that the configuration wants, in order."""
        return tuple(sorted(arn for arn, resident in self.residents.items() if resident.watched))

    def watched_by(self, discovery: Discovery) -> tuple[str, ...]:
        """Those of them that *discovery*, which may be another than then, does not leave out by name."""
        return tuple(arn for arn in self.watched if discovery.wants(parse_project(arn).name))

    @property
    def unsure(self) -> bool:
        """Whether an absence waits to be confirmed."""
        return any(resident.missed for resident in self.residents.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """What follows from one discovery; the ARNs are in order."""

    census: Census
    appeared: tuple[str, ...] = ()
    disappeared: tuple[str, ...] = ()


def recount(
    before: Census | None,
    listing: ProjectListing,
    wanted: Collection[str],
    *,
    features: tuple[str, ...],
    at: datetime,
    confirm_absence: int,
) -> Recount:
    """The next census, and which of the wanted projects are new in the world or gone from it.

    Args:
        before: The last census; None for the first.
        listing: A complete one.
        wanted: The ARNs in it that the configuration wants.
        features: What was asked for.
        at: When it was asked for.
        confirm_absence: How many complete listings in a row must lack a project before it is gone.
    """
    listed = {each.arn: _resident(each, wanted) for each in listing.projects}
    if before is None or before.features != features:
        return Recount(census=Census(features=features, taken_at=at, residents=listed))
    missed = {arn: _missed(resident, listing) for arn, resident in before.residents.items() if arn not in listed}
    gone = {arn for arn, resident in missed.items() if _gone(resident, confirm_absence)}
    kept = {arn: resident for arn, resident in missed.items() if arn not in gone}
    return Recount(
        census=Census(features=features, taken_at=at, residents=listed | kept),
        appeared=_told(listed, listed.keys() - before.residents.keys()),
        disappeared=_told(missed, gone),
    )


def _resident(found: Found, wanted: Collection[str]) -> Resident:
    return Resident(arn=found.arn, watched=found.arn in wanted, deleting=found.status == DELETING)


def _missed(resident: Resident, listing: ProjectListing) -> Resident:
    return resident if listing.malformed else replace(resident, missed=resident.missed + 1)


def _gone(resident: Resident, confirm_absence: int) -> bool:
    return resident.missed > 0 and (resident.deleting or resident.missed >= confirm_absence)


def _told(residents: Mapping[str, Resident], arns: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(arn for arn in arns if residents[arn].watched))
