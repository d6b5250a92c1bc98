"""What the filters offer: the values that there are. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.choice import GROUPS
from monitor.domain.status import RUNNING
from monitor.web.pages.rows import account_of
from monitor.web.pages.sorting import COLUMNS, Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.domain.project import Project
    from monitor.domain.status import Status
    from monitor.view import ProjectState
    from monitor.web.pages.entries import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something to choose."""

    value: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where projects are, and what is said of them."""

    accounts: tuple[Option, ...]
    regions: tuple[Option, ...]
    labels: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What there is to choose from; statuses say how many versions have them, groups of them first."""

    statuses: tuple[Option, ...]
    places: Places
    orders: tuple[Option, ...]


def options_of(everything: Sequence[Entry], states: Sequence[ProjectState]) -> Options:
    """The options of the whole fleet, whatever is filtered."""
    counts = Counter(entry.tracked.version.status for entry in everything if entry.tracked)
    return Options(
        statuses=(*_groups(counts), *_statuses(counts)),
        places=places_of(state.project for state in states),
        orders=tuple(_orders()),
    )


def places_of(projects: Iterable[Project]) -> Places:
    """The accounts, regions and labels of *projects*, each in its order."""
    known = list(projects)
    accounts = {project.account_id: account_of(project) for project in known}
    return Places(
        accounts=tuple(Option(value=value, word=word) for value, word in sorted(accounts.items())),
        regions=_plain({project.region for project in known}),
        labels=_plain({f"{name}={value}" for project in known for name, value in project.labels.items()}),
    )


def _groups(counts: Counter[Status]) -> Iterator[Option]:
    for name, belongs in GROUPS.items():
        count = sum(number for status, number in counts.items() if status != RUNNING and belongs(status))
        yield Option(value=name.lower(), word=f"{name.lower().replace('-', ' ')} ({count})")


def _statuses(counts: Counter[Status]) -> Iterator[Option]:
    for status, count in sorted(counts.items(), key=lambda pair: pair[0].word):
        yield Option(value=status.word, word=f"{status.word} ({count})")


def _orders() -> Iterator[Option]:
    for name, column in COLUMNS.items():
        for descending in (column.descending, not column.descending):
            way = column.down if descending else column.up
            yield Option(value=str(Order(name, descending)), word=f"{column.word}, {way}")


def _plain(values: Iterable[str]) -> tuple[Option, ...]:
    return tuple(Option(value=value, word=value) for value in sorted(values))
