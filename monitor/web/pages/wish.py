"""Which view of the fleet an address asks for, and what of the fleet that is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.domain.choice import Choice
from monitor.web.pages.entries import entries_of
from monitor.web.pages.links import Link
from monitor.web.pages.sorting import parse_order
from monitor.web.pages.strips import RANGES, USUAL_RANGE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.view import ProjectState
    from monitor.web.pages.entries import Entry
    from monitor.web.pages.sorting import Order

PER_PAGE: Final = 100
"""Rows at a time: light for a browser; the filter and the pages find the rest."""

LONGEST: Final = 300
"""Characters of a parameter that are looked at; a name has at most 255."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for.

    Attributes:
        given: The filter's parameters as they were given.
        page: From 1.
        range: How far back the timelines go, a word of `RANGES`.
        link: The address of this very view.
    """

    given: Mapping[str, str]
    choice: Choice
    order: Order
    page: int
    range: str
    link: Link

    @property
    def filtered(self) -> bool:
        """Whether some of the fleet may be left out."""
        return any(self.given.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """The part of the fleet that is shown.

    Attributes:
        everything: The whole fleet's lines.
        found: How many versions the filter leaves.
        shown: The lines of this page.
        page: Its number, from 1; *pages*, how many there are, at least one.
    """

    everything: Sequence[Entry]
    found: int
    shown: Sequence[Entry]
    page: int
    pages: int


def parse_wish(parameters: Mapping[str, str]) -> Wish:
    """The view that an address asks for; what means nothing is as if it were not there."""
    texts = {name: value.strip()[:LONGEST] for name, value in parameters.items()}
    given = {name: texts.get(name, "") for name in ("text", "status", "account", "region", "label")}
    order = parse_order(texts.get("sort", ""))
    page = parse_number(texts.get("page", ""), least=1)
    reach = parse_range(texts.get("range", ""))
    kept = {
        **given,
        "sort": str(order),
        "range": "" if reach == USUAL_RANGE else reach,
        "page": str(page) if page > 1 else "",
    }
    return Wish(given=given, choice=_choice(given), order=order, page=page, range=reach, link=Link("./", kept))


def select(states: Sequence[ProjectState], wish: Wish) -> Selected:
    """What *wish* shows of *states*."""
    everything = entries_of(states)
    entries = wish.order.apply(_chosen(everything, states, wish.choice) if wish.filtered else everything)
    pages = max(1, -(-len(entries) // PER_PAGE))
    page = min(wish.page, pages)
    return Selected(
        everything=everything,
        found=sum(entry.tracked is not None for entry in entries),
        shown=entries[(page - 1) * PER_PAGE : page * PER_PAGE],
        page=page,
        pages=pages,
    )


def parse_range(text: str) -> str:
    """A word of `RANGES`."""
    return text if text in RANGES else USUAL_RANGE


def parse_number(text: str, *, least: int) -> int:
    """The number that a text of digits is; *least* for any other text."""
    return max(least, int(text)) if text.isascii() and text.isdigit() and len(text) <= 18 else least  # noqa: PLR2004 - 64 bits


def _choice(given: Mapping[str, str]) -> Choice:
    name, _, value = given["label"].partition("=")
    return Choice(
        text=given["text"],
        statuses=_tuple(given["status"]),
        accounts=_tuple(given["account"]),
        regions=_tuple(given["region"]),
        labels={name: value} if name else {},
    )


def _tuple(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _chosen(everything: Sequence[Entry], states: Sequence[ProjectState], choice: Choice) -> list[Entry]:
    projects = {state.project.arn for state in states if choice.wants_project(state.project)}
    return [entry for entry in everything if entry.state.project.arn in projects and _wanted(entry, choice)]


def _wanted(entry: Entry, choice: Choice) -> bool:
    if entry.tracked is None:
        return not choice.about_versions
    return choice.wants_version(entry.state.project, entry.tracked.version)
