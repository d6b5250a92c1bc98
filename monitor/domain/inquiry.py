"""A question about the history: which events, in which order, from where on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.domain.events import EventType
    from monitor.domain.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """Which events are wanted. Each condition that is given has to hold; of those with several values, one of them.

    Attributes:
        projects: `fnmatch` patterns of project names or ARNs; a fault of a whole account and region has no project's
            name and the ARN `arn:aws:rekognition:REGION:ACCOUNT`.
        versions: `fnmatch` patterns of version names or ARNs.
        accounts: Account ids.
        regions: AWS's names of them.
        severity: This one or a graver one.
        before_status: The status word that a change was from.
        after_status: The status word that a change was to.
        labels: Each name with the value that the project's label has to have.
        since: Happened at this time or later.
        until: Happened before this time.
        text: Words that all have to occur in the summary or somewhere in what is known of the version, as those of
            `Choice.text`, in whatever case.
        after: Only positions greater than this.
        before: Only positions less than this.
        limit: At most so many.
        newest_first: The order of positions the other way round.
    """

    projects: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    types: tuple[EventType, ...] = ()
    severity: Severity | None = None
    before_status: str | None = None
    after_status: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None
    after: int = 0
    before: int | None = None
    limit: int = 100
    newest_first: bool = False
