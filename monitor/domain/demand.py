"""How much the projects would like to ask, against what the budget allows."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from monitor.domain.project import Project


class Demand:
    """The calls a second that the projects of each account and region would like to make."""

    def __init__(self) -> None:
        self._wanted: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self._totals: defaultdict[str, float] = defaultdict(float)

    def put(self, project: Project, calls: int, interval: timedelta) -> float:
        """Note that *project* makes *calls* every *interval*; returns the total of its account and region."""
        self.remove(project)
        rate = calls / interval.total_seconds()
        self._wanted[project.endpoint][project.arn] = rate
        self._totals[project.endpoint] += rate
        return self._totals[project.endpoint]

    def remove(self, project: Project) -> None:
        """Count *project* no longer."""
        self._totals[project.endpoint] -= self._wanted[project.endpoint].pop(project.arn, 0.0)
