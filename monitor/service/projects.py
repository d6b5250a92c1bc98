"""The projects of a configuration."""

from __future__ import annotations

from datetime import timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING

from monitor.domain.account import OWN
from monitor.domain.project import Project, parse_project

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.config.model import Config


def projects_of(config: Config) -> tuple[Project, ...]:
    """The projects to watch, in the order of the file."""
    return tuple(
        parse_project(
            each.arn,
            labels=dict(each.labels),
            patterns=each.versions,
            interval=each.interval,
            transition_interval=each.transition_interval,
            account=each.account or OWN,
        )
        for each in config.projects
    )


def interleaved(projects: Iterable[Project]) -> list[Project]:
    """One of each account and region in turn: workers that are few wait for no budget while another is unused."""
    places: dict[str, list[Project]] = {}
    for project in projects:
        places.setdefault(project.endpoint, []).append(project)
    return [project for turn in zip_longest(*places.values()) for project in turn if project is not None]


def start_delays(projects: Iterable[Project], calls_per_second: float) -> dict[str, timedelta]:
    """When each project is first polled: as soon as the budget of its account and region has room for it."""
    places: dict[str, int] = {}
    delays: dict[str, timedelta] = {}
    for project in projects:
        place = places.get(project.endpoint, 0)
        places[project.endpoint] = place + 1
        delays[project.arn] = timedelta(seconds=place / calls_per_second)
    return delays
