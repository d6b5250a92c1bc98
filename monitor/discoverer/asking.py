"""The questions of one discovery: the projects of an account and region, and the tags of those that are new.

Tags are asked for one project at a time, and have a budget of their own: a hundred of them take minutes. So whoever has
no patience is sent away when the budget cannot pay the next one, and goes on where it was when it comes again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.discoverer.tags import NotYet, Tags
from monitor.domain.fault import Fault
from monitor.domain.project import parse_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.discoverer.ports import ProjectSource
    from monitor.domain.account import Discovery, Place
    from monitor.domain.census import ProjectListing


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a whole discovery was told.

    Attributes:
        wanted: The ARNs of the projects that are to be watched.
        asked_at: When the listing was asked for.
        at: When everything was known.
    """

    listing: ProjectListing
    wanted: frozenset[str]
    asked_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class _Begun:
    discovery: Discovery
    listing: ProjectListing
    asked_at: datetime


class Asking:
    """Asks about one place at a time by one thread; about different places by different threads at once."""

    def __init__(
        self,
        source: ProjectSource,
        *,
        turn: Callable[[Place], float],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        """*turn*: seconds until it is worth to ask again whether tags of a place can be paid; 0 takes the turn."""
        self._source = source
        self._tags = Tags(source, monotonic)
        self._turn = turn
        self._clock = clock
        self._begun: dict[str, _Begun] = {}

    def begun(self, place: Place) -> bool:
        """Whether a discovery there is under way, its listing known, and has been sent away."""
        return place.key in self._begun

    def forget(self, place: Place) -> None:
        """Begin anew there."""
        self._begun.pop(place.key, None)

    def ask(self, place: Place, discovery: Discovery, *, patient: bool) -> Answer | Fault | NotYet:
        """Ask, or go on asking; *patient* waits for every turn."""
        begun = self._begun.pop(place.key, None)
        if begun is None or begun.discovery != discovery:
            asked_at, listing = self._clock(), self._source.list_projects(place, discovery.features)
            if isinstance(listing, Fault):
                return listing
            begun = _Begun(discovery, listing, asked_at)
        listing = begun.listing
        named = [each.arn for each in listing.projects if discovery.wants(parse_project(each.arn).name)]
        identified = replace(place, account_id=listing.account_id or place.account_id)
        wanted = self._tags.tagged(identified, discovery, named, turn=_at_once if patient else self._turn)
        if isinstance(wanted, NotYet):
            self._begun[place.key] = begun
        if isinstance(wanted, Fault | NotYet):
            return wanted
        return Answer(listing=listing, wanted=wanted, asked_at=begun.asked_at, at=self._clock())


def _at_once(_: Place) -> float:
    return 0.0
