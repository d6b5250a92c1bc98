"""How many calls to AWS a configuration makes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from monitor.domain.account import Place
from monitor.domain.project import parse_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from monitor.config.model import Config
    from monitor.config.model import Project as ProjectSettings

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The calls that one account and region will get, at one page a project.

    Attributes:
        endpoint: `arn:PARTITION:rekognition:REGION:ACCOUNT`, what shares a budget.
        projects: How many.
        calls_per_hour: While nothing goes on in any project.
        busiest_calls_per_hour: While something goes on in each.
        budget_per_hour: What `aws.max_calls_per_second` allows.
        discoveries_per_hour: Calls that list the projects themselves, which are in both numbers above.
    """

    endpoint: str
    projects: int
    calls_per_hour: float
    busiest_calls_per_hour: float
    budget_per_hour: float
    discoveries_per_hour: float = 0.0

    @property
    def enough(self) -> bool:
        """Whether the budget keeps the intervals while nothing goes on."""
        return self.calls_per_hour <= self.budget_per_hour


def estimate(config: Config, found: Mapping[str, Iterable[str]] | None = None) -> tuple[Estimate, ...]:
    """The calls for each account and region, in the order of the file.

    *found* are the ARNs of discovered projects by the names of their accounts; without it those that nobody knows yet
    are not counted, and an account whose id only STS knows stands under its name.
    """
    groups: dict[str, Estimate] = {}
    listed = {project.arn for project in config.projects}
    for project in config.projects:
        _add(groups, parse_project(project.arn).endpoint, config, project)
    for arns in (found or {}).values():
        for arn in sorted(set(arns) - listed):
            _add(groups, parse_project(arn).endpoint, config, None)
    for endpoint, rate in _discoveries(config, found or {}):
        group = groups.setdefault(endpoint, _none_yet(endpoint, config))
        groups[endpoint] = replace(
            group,
            calls_per_hour=group.calls_per_hour + rate,
            busiest_calls_per_hour=group.busiest_calls_per_hour + rate,
            discoveries_per_hour=group.discoveries_per_hour + rate,
        )
    return tuple(groups.values())


def intervals(config: Config, project: ProjectSettings | None) -> tuple[timedelta, timedelta]:
    """Between the polls of a listed project, or of a discovered one (None): at rest, and while something goes on."""
    own = (project.interval, project.transition_interval) if project else (None, None)
    return own[0] or config.poll.interval, own[1] or config.poll.transition_interval


def _add(groups: dict[str, Estimate], endpoint: str, config: Config, project: ProjectSettings | None) -> None:
    interval, transition = intervals(config, project)
    group = groups.get(endpoint) or _none_yet(endpoint, config)
    groups[endpoint] = replace(
        group,
        projects=group.projects + 1,
        calls_per_hour=group.calls_per_hour + _HOUR / interval,
        busiest_calls_per_hour=group.busiest_calls_per_hour + _HOUR / min(interval, transition),
    )


def _none_yet(endpoint: str, config: Config) -> Estimate:
    budget = config.aws.max_calls_per_second * _HOUR.total_seconds()
    return Estimate(endpoint=endpoint, projects=0, calls_per_hour=0, busiest_calls_per_hour=0, budget_per_hour=budget)


def _discoveries(config: Config, found: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, float]]:
    """The endpoints in which projects are discovered, and how often an hour."""
    for account in config.accounts:
        if account.discover is not None:
            known = {parse_project(arn).account_id for arn in found.get(account.name, ())}
            account_id = account.role_arn.split(":")[4] if account.role_arn else next(iter(known), "")
            for region in dict.fromkeys(account.regions):
                place = Place(account=account.name, account_id=account_id, region=region)
                yield place.endpoint, _HOUR / account.discover.every
