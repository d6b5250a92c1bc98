"""How much the projects would like to ask, against what the budget allows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from monitor.domain.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The calls a second that the projects of one account and region would like to make.

    Attributes:
        first: Those of projects in which something is under way: they go first.
        others: Those of all others.
    """

    first: float
    others: float


class Demand:
    """The load of each account and region."""

    def __init__(self) -> None:
        self._wanted: defaultdict[str, dict[str, tuple[bool, float]]] = defaultdict(dict)
        self._totals: defaultdict[tuple[str, bool], float] = defaultdict(float)

    def put(self, project: Project, calls: int, interval: timedelta, *, first: bool = False) -> Load:
        """Note that *project* makes *calls* every *interval*; returns the load of its account and region."""
        self.remove(project)
        endpoint, rate = project.endpoint, calls / interval.total_seconds()
        self._wanted[endpoint][project.arn] = (first, rate)
        self._totals[endpoint, first] += rate
        return Load(first=self._totals[endpoint, True], others=self._totals[endpoint, False])

    def remove(self, project: Project) -> None:
        """Count *project* no longer."""
        endpoint = project.endpoint
        first, rate = self._wanted[endpoint].pop(project.arn, (False, 0.0))
        self._totals[endpoint, first] -= rate
