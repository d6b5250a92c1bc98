"""Which projects are watched: those that the configuration lists, and those that discovery found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from monitor.domain.project import everything_at, parse_project
from monitor.service.accounts import accounts_of
from monitor.service.projects import projects_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.config.model import Config
    from monitor.domain.account import Discovery, Place
    from monitor.domain.census import Census
    from monitor.domain.project import Project


def known_projects(config: Config, state: Censuses) -> tuple[Project, ...]:
    """The projects that *config* lists, and those that the last discoveries found by it, as *state* has them."""
    fleet = Fleet(config)
    for place, discovery in fleet.places.values():
        census = state.census(place.key)
        fleet.found(place, census.watched_by(discovery) if census else ())
    return tuple(fleet.projects.values())


class Censuses(Protocol):
    """What the last discoveries found; `monitor.store.Store` has it."""

    def census(self, place: str) -> Census | None:
        """The last one of the account and region with this key, or None."""


class Fleet:
    """Written by whoever reloads and discovers, one at a time; read by anybody.

    Attributes:
        places: Where projects are discovered, by `Place.key`.
        everything: The same by the ARN that stands for all projects there.
        projects: All that are watched, by ARN; the listed ones first, in the order of the file.
    """

    def __init__(self, config: Config) -> None:
        self._found: Mapping[str, tuple[str, ...]] = {}
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Watch by this configuration; what was found in a place that it has still is watched on."""
        self._listed = {project.arn: project for project in projects_of(config)}
        self.places: Mapping[str, tuple[Place, Discovery]] = {
            place.key: (place, account.discovery)
            for account in accounts_of(config)
            if account.discovery is not None
            for place in account.places
        }
        self.everything: Mapping[str, tuple[Place, Discovery]] = {
            everything_at(place).arn: (place, discovery) for place, discovery in self.places.values()
        }
        self._found = {key: arns for key, arns in self._found.items() if key in self.places}
        self.projects = self._all()

    def found(self, place: Place, arns: Iterable[str]) -> None:
        """These are the projects to watch in *place*, one of `places`."""
        self._found = {**self._found, place.key: tuple(arns)}
        self.projects = self._all()

    def project_at(self, place: Place, arn: str) -> Project:
        """The project with that ARN of *place*: as it is listed, if it is."""
        return self._listed.get(arn) or parse_project(arn, account=place.account)

    def all_places(self) -> tuple[Place, ...]:
        """Where projects are discovered."""
        return tuple(place for place, _ in self.places.values())

    def _all(self) -> Mapping[str, Project]:
        found = {arn: self.project_at(self.places[key][0], arn) for key, arns in self._found.items() for arn in arns}
        return {**self._listed, **{arn: project for arn, project in found.items() if arn not in self._listed}}
