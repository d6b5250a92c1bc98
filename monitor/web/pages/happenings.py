"""The page of events, newest first: which are asked for, and how one goes on to older and newer ones. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from monitor.domain.events import EventType
from monitor.domain.inquiry import Inquiry
from monitor.domain.severity import Severity
from monitor.web.pages.links import Link
from monitor.web.pages.options import Option, places_of
from monitor.web.pages.tellings import Telling, tell
from monitor.web.pages.wish import LONGEST, parse_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from monitor.domain.delivery import Message
    from monitor.domain.project import Project
    from monitor.web.pages.options import Places

PER_PAGE: Final = 50

_NAMES: Final = ("text", "project", "version", "type", "severity", "status", "account", "region", "label")

TYPES: Final[Mapping[str, EventType]] = {each.value.removeprefix("rekognition."): each for each in EventType}
"""The types by the words in an address."""

TYPE_OPTIONS: Final = tuple(
    Option(value=word, word=word.replace("project_version.", "version ").replace(".", " ").replace("_", " "))
    for word in TYPES
)
SEVERITY_OPTIONS: Final = tuple(
    Option(value=each.word, word=each.word if each is Severity.CRITICAL else f"{each.word} or worse")
    for each in sorted(Severity, reverse=True)
    if each is not Severity.INFO
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWish:
    """What is asked for.

    Attributes:
        inquiry: For one event more than a page has, which tells whether there are others.
        link: The newest page of this view.
    """

    given: Mapping[str, str]
    inquiry: Inquiry
    link: Link

    @property
    def filtered(self) -> bool:
        """Whether some events are left out."""
        return any(self.given.values())

    @property
    def feed(self) -> Link:
        """The feed of the same events."""
        return Link("events.atom", self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsPage:
    """One page.

    Attributes:
        events: Newest first; None when the database does not answer.
        older: The address of the next page; empty where there is none, as *newer*.
        places: What the filter offers: where there are projects now.
    """

    wish: EventWish
    places: Places
    events: tuple[Telling, ...] | None
    older: str
    newer: str


def parse_event_wish(parameters: Mapping[str, str], projects: Iterable[Project] = ()) -> EventWish:
    """The events that an address asks for; what means nothing is as if it were not there.

    *projects* know what the accounts are called that the history has by their ids.
    """
    given = {name: parameters.get(name, "").strip()[:LONGEST] for name in _NAMES}
    after = parse_number(parameters.get("after", ""), least=0)
    before = parse_number(parameters.get("before", ""), least=0)
    inquiry = Inquiry(
        projects=_tuple(given["project"]),
        versions=_tuple(given["version"]),
        accounts=_accounts(given["account"], projects),
        regions=_tuple(given["region"]),
        types=tuple(each for word, each in TYPES.items() if word == given["type"]),
        severity=_severity(given["severity"]),
        after_status=given["status"].upper() or None,
        labels=_labels(given["label"]),
        text=given["text"] or None,
        after=after,
        before=before or None,
        limit=PER_PAGE + 1,
        newest_first=not after,
    )
    return EventWish(given=given, inquiry=inquiry, link=Link("events", given))


def events_page(
    wish: EventWish, messages: Sequence[Message] | None, projects: Iterable[Project], now: datetime
) -> EventsPage:
    """The page of what was found; *projects* are those that are watched."""
    places = places_of(projects)
    if messages is None:
        return EventsPage(wish=wish, places=places, events=None, older="", newer="")
    inquiry = wish.inquiry
    shown = list(messages[:PER_PAGE]) if inquiry.newest_first else list(messages[:PER_PAGE])[::-1]
    more = len(messages) > PER_PAGE
    has_older = more if inquiry.newest_first else True
    has_newer = inquiry.before is not None if inquiry.newest_first else more
    return EventsPage(
        wish=wish,
        places=places,
        events=tuple(tell(message, now) for message in shown),
        older=str(wish.link.but(before=str(shown[-1].position))) if shown and has_older else "",
        newer=str(wish.link.but(after=str(shown[0].position))) if shown and has_newer else "",
    )


def newest_of(wish: EventWish, limit: int) -> Inquiry:
    """The newest that the filter of *wish* leaves, wherever its page is."""
    return replace(wish.inquiry, after=0, before=None, limit=limit, newest_first=True)


def _severity(word: str) -> Severity | None:
    try:
        return Severity.parse(word)
    except ValueError:
        return None


def _accounts(text: str, projects: Iterable[Project]) -> tuple[str, ...]:
    named = {project.account_id for project in projects if text and project.account == text}
    return tuple(sorted(named)) or _tuple(text)


def _labels(text: str) -> Mapping[str, str]:
    name, _, value = text.partition("=")
    return {name: value} if name else {}


def _tuple(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
