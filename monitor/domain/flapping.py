"""A version that goes to and fro: people are told once that it does, and once what came of it.

Machines get every event. For people the deliveries of a spell are held in the outbox, and one message in the end stands
for all of them: nothing is lost, and what was held survives a restart.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from monitor.domain.document import format_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitor.domain.delivery import Message

MEMBER: Final = "flapping"
"""The member of an event's `data` that says that the message stands for a spell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlappingPolicy:
    """When a version counts as flapping.

    Attributes:
        changes: More changes of status than these …
        within: … in this time begin a spell; it ends when there was none for as long.
        longest: After this time at the latest people are told what happened so far.
    """

    changes: int = 5
    within: timedelta = timedelta(minutes=10)
    longest: timedelta = timedelta(hours=1)

    @property
    def lookback(self) -> timedelta:
        """How far back changes have to be known to tell where a spell began."""
        return self.longest + 2 * self.within


@dataclass(frozen=True, slots=True)
class Change:
    """A change of status that a sink is told of, or was: its position in the history, and when it happened."""

    position: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A time of flapping.

    Attributes:
        opening: The position of the change that made one too many.
        last: That of the last change so far.
        calm_at: When it is over unless there is another change.
    """

    opening: int
    last: int
    calm_at: datetime


def spells(changes: Sequence[Change], policy: FlappingPolicy) -> list[Spell]:
    """The spells among *changes*, which come in order of their positions."""
    found: list[Spell] = []
    for index, change in enumerate(changes):
        calm_at = change.at + policy.within
        if found and _follows(found[-1].calm_at - policy.within, change.at, policy):
            found[-1] = replace(found[-1], last=change.position, calm_at=calm_at)
        elif index >= policy.changes and _follows(changes[index - policy.changes].at, change.at, policy):
            found.append(Spell(opening=change.position, last=change.position, calm_at=calm_at))
    return found


def _follows(before: datetime, after: datetime, policy: FlappingPolicy) -> bool:
    """Soon, that is; a clock that was put back between the two makes no spell."""
    return timedelta(0) <= after - before <= policy.within


def spell_of(position: int, changes: Sequence[Change], policy: FlappingPolicy) -> Spell | None:
    """The spell that the event at *position* belongs to."""
    return next((spell for spell in spells(changes, policy) if spell.opening <= position <= spell.last), None)


def due_at(spell: Spell, held_since: datetime, policy: FlappingPolicy) -> datetime:
    """When what is held of *spell* is told: when it is calm, or when the first has waited for long enough."""
    return min(spell.calm_at, held_since + policy.longest)


def opening(message: Message, policy: FlappingPolicy) -> Message:
    """The event that made one too many, told with what that means."""
    minutes = _span(policy.within)
    said = (
        f"{_summary(message)}. Flapping: more than {policy.changes} changes of status in {minutes}. "
        f"What follows comes as one message when there was none for {minutes}, or after {_span(policy.longest)}"
    )
    return _told(message, said, {"ended": False, "changes": policy.changes + 1})


def summed_up(messages: Sequence[Message], spell: Spell, now: datetime) -> Message:
    """One message for all of *messages*, the held ones about one version, in order.

    It is the last of them, with its id, the highest severity of all, and a summary of them.
    """
    first, last = messages[0], messages[-1]
    statuses = _statuses([_data(message) for message in messages])
    ended = now >= spell.calm_at
    words = "flapped" if ended else "is still flapping"
    said = (
        f"{_subject(last)} {words}: {len(messages)} events from {format_time(first.time)} to {format_time(last.time)}"
        f" ({' -> '.join(statuses)})"
    )
    return replace(
        _told(last, said, {"ended": ended, "events": [message.id for message in messages], "statuses": statuses}),
        severity=max(message.severity for message in messages),
    )


def _statuses(told: Sequence[Mapping[str, Any]]) -> list[str]:
    """The statuses that were gone through, each time that they changed."""
    words = [word for data in told if "to" in data for word in (data["from"], data["to"])]
    return words[:1] + [after for before, after in pairwise(words) if before != after]


def _told(message: Message, summary: str, about: Mapping[str, Any]) -> Message:
    document = json.loads(message.document)
    document["data"] |= {"summary": summary, MEMBER: dict(about)}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return replace(message, document=text.encode())


def _data(message: Message) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(message.document)["data"]
    return data


def _summary(message: Message) -> str:
    return str(_data(message)["summary"])


def _subject(message: Message) -> str:
    return _summary(message).partition(": ")[0]


def _span(span: timedelta) -> str:
    minutes = span / timedelta(minutes=1)
    return f"{minutes:g} min" if minutes < 60 else f"{minutes / 60:g} h"  # noqa: PLR2004 - minutes of an hour
