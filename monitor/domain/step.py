"""What the history says of one version's status: it appeared, moved from one status to another, or disappeared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from monitor.domain.document import parse_time
from monitor.domain.events import EventType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

STEPS: Final = (EventType.VERSION_APPEARED, EventType.VERSION_STATUS_CHANGED, EventType.VERSION_DISAPPEARED)
"""The events that are one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event about a version's status, with what a timeline needs of it.

    Attributes:
        position: The event's in the history.
        after: The last poll that saw the old state.
        by: The first poll that saw the new one.
        before: The status word that ended; None where the version appeared.
        status: The status word that began; None where the version disappeared.
        since: When *status* began, as the event says.
        move: `direct`, `skipped` or `unexpected`; None where the version appeared or disappeared.
        via: The statuses that were skipped.
    """

    position: int
    after: datetime
    by: datetime
    before: str | None
    status: str | None
    since: datetime | None = None
    move: str | None = None
    via: tuple[str, ...] = ()

    @property
    def at(self) -> datetime:
        """When it happened: AWS's own time where it has one within the window, else when it was first seen."""
        if self.since is not None and self.after <= self.since <= self.by:
            return self.since
        return self.by

    @property
    def ended(self) -> datetime:
        """Until when the old status is known to have lasted. A version that is gone was missed before that was told."""
        return self.after if self.status is None else self.at


def step_from_document(position: int, document: Mapping[str, Any]) -> Step:
    """The step of a stored event whose type is one of `STEPS`.

    Raises KeyError, TypeError, AttributeError or ValueError for a document that is none.
    """
    kind, data = EventType(document["type"]), document["data"]
    word, gone = data["version"]["status"], kind is EventType.VERSION_DISAPPEARED
    return Step(
        position=position,
        after=parse_time(data["observed_after"]),
        by=parse_time(data["observed_by"]),
        before=word if gone else data.get("from"),
        status=None if gone else word,
        since=None if gone else parse_time(data["version"]["status_since"]),
        move=data.get("move"),
        via=tuple(data.get("via", ())),
    )
