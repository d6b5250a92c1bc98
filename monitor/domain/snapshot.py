"""What is remembered of a project between two polls, and what a poll brings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.domain.project import Project
    from monitor.domain.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Every page of one DescribeProjectVersions.

    Attributes:
        versions: Newest first, as AWS sorts them; each ARN once.
        malformed: What was wrong with each entry that is no version; such a listing confirms no absence.
        request_ids: One for each page.
    """

    versions: tuple[Version, ...]
    malformed: tuple[str, ...] = ()
    request_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A version is missing from the last listing, but not yet often enough to be gone.

    Attributes:
        listings: Complete ones that lacked it, in a row; one with malformed entries is not counted.
        last_seen: When the last listing that had it was made.
    """

    listings: int
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A version and what the monitor knows of it besides.

    Attributes:
        status_since: When the status began, as far as it is known.
        at_least: It may have begun earlier: the status was there at the first look.
        sequence: Of the last event told about this version; 0 before the first.
    """

    version: Version
    status_since: datetime
    at_least: bool
    sequence: int = 0
    absence: Absence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The last complete listing of a project, with its memory.

    Attributes:
        revision: Grows by one with each change that has to be stored; refuses a stale writer.
        seen_at: When the last complete listing was asked for.
        versions: By ARN, newest first; the same mapping object as before when nothing changed.
        blind_before: No listing yet was whole: entries that made no sense may have hidden versions that were created
            before this time, the baseline's. None as soon as a listing was whole.
        gone: The last sequence of versions that were told gone, by ARN, so that one that comes back goes on counting.
        settled: The versions of a listing that had all of these and nothing else: the same ones once more bring nothing
            new. None until there was such a listing.
    """

    project_arn: str
    revision: int
    seen_at: datetime
    versions: Mapping[str, Tracked]
    gone: Mapping[str, int] = field(default_factory=dict)
    blind_before: datetime | None = None
    settled: tuple[Version, ...] | None = field(default=None, compare=False, repr=False)

    def watched(self, project: Project) -> list[Tracked]:
        """The versions that *project* is told about, newest first."""
        if not project.patterns:
            return list(self.versions.values())
        return [tracked for tracked in self.versions.values() if project.watches(tracked.version.name)]
